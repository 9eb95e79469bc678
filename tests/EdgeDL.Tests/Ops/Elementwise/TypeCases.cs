using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Elementwise;

/// <summary>Selection, sums of many, casts, quantization.</summary>
sealed class TypeCases : IOpCases
{
    static readonly DType[] types =
    [
        DType.Float32, DType.Float16, DType.BFloat16, DType.Float64, DType.Int8, DType.UInt8,
        DType.Int16, DType.UInt16, DType.Int32, DType.UInt32, DType.Int64, DType.UInt64,
        DType.Bool,
    ];

    public static IEnumerable<OpCase> Cases() => Choices().Concat(Casts()).Concat(Quantizations());

    static IEnumerable<OpCase> Choices()
    {
        foreach ((string name, int[] c, int[] a, int[] b) in ((string, int[], int[], int[])[])
        [
            ("same", [3, 5], [3, 5], [3, 5]), ("scalar", [], [3, 5], [3, 5]),
            ("rows", [3, 1], [3, 5], []), ("all ways", [2, 1, 1], [1, 3, 1], [1, 1, 4]),
        ])
        {
            foreach (DType type in (DType[])[DType.Float32, DType.Int8, DType.Int16, DType.Int64])
            {
                yield return new($"{name} {type}", new Select(),
                    [Bool(c), Plain(type, a), Plain(type, b)],
                    r => r.Each(at => r.In(0).Broadcast(at) != 0
                        ? r.In(1).Broadcast(at) : r.In(2).Broadcast(at)));
            }
        }

        foreach (int count in (int[])[1, 2, 5])
        {
            foreach (DType type in (DType[])[DType.Float32, DType.Int32, DType.Int64])
            {
                Arg?[] inputs = [.. Enumerable.Repeat(Plain(type, 3, 7), count)];
                yield return new($"{count} {type}", new AddN(), inputs, r =>
                {
                    for (int i = 0; i < r.Out(0).Count; i++)
                    {
                        r.Out(0)[i] = Enumerable.Range(0, r.InputCount).Sum(k => r.In(k)[i]);
                    }
                });
            }
        }
    }

    static IEnumerable<OpCase> Casts()
    {
        foreach (DType from in types)
        {
            foreach (DType to in types)
            {
                // Numbers that every type holds, halves aside.
                Arg x = Plain(from, 3, 91);
                x = from == DType.Bool ? x : x.Between(0, 120);
                yield return new($"{from} to {to}", new Cast(to), [x], r => r.Map(
                    v => to == DType.Bool ? (v == 0 ? 0 : 1) : to.IsFloat() ? v : Math.Truncate(v)))
                { Relative = to == DType.BFloat16 ? 1 / 128.0 : to == DType.Float16 ? 1e-3 : 1e-6 };
            }
        }

        Arg wild = F32(7).Of(300, -300, 1.9, -1.9, 3e9, -3e9, double.NaN);
        foreach ((DType to, double low, double high) in ((DType, double, double)[])
        [
            (DType.Int8, -128, 127), (DType.UInt8, 0, 255),
            (DType.Int32, int.MinValue, int.MaxValue),
        ])
        {
            yield return new($"saturates to {to}", new Cast(to), [wild], r => r.Map(
                v => double.IsNaN(v) ? 0 : Math.Truncate(Math.Clamp(v, low, high))));
        }

        yield return new("drops high bits", new Cast(DType.Int8), [I32(4).Of(300, -300, 128, 255)],
            r => r.Map(v => (sbyte)(int)v));
        yield return new("zeros", new Bitcast(DType.Int32), [F32(5).Of(0)], r => r.Map(v => 0));
    }

    static IEnumerable<OpCase> Quantizations()
    {
        static void Same(OpRun r) => r.Map(v => v);
        (string, DType, Quantization)[] forms =
        [
            ("i8", DType.Int8, Q(0.1f, 3)), ("u8", DType.UInt8, Q(0.1f, 131)),
            ("i16", DType.Int16, Q(0.001f, 0)), ("i32", DType.Int32, Q(0.0001f, 0)),
            ("i8 axis", DType.Int8, new Quantization([0.1f, 0.2f, 0.05f], [1, -2, 3], 1)),
            ("u8 last axis", DType.UInt8, new Quantization([0.1f, 0.3f], [128], 2)),
            ("i16 axis", DType.Int16, new Quantization([0.01f, 0.003f], [0], 0)),
        ];
        foreach ((string name, DType type, Quantization quant) in forms)
        {
            int[] shape = [2, 3, 2];
            yield return new($"f32 to {name}", new Quantize(type),
                [F32(shape).Between(-15, 15)], Same) { Out = [quant] };
            yield return new($"{name}", new Dequantize(),
                [Plain(type, shape) with { Quant = quant, Low = -12, High = 12 }], Same);
        }

        yield return new("large", new Quantize(DType.Int8), [F32(50001).Between(-15, 15)], Same)
        { Out = [Q(0.1f, 3)] };
        yield return new("blocks", new Dequantize(), [Plain(DType.Int4, 3, 5) with
        {
            Quant = new Quantization([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f], [0], -1, 3),
            Exact = [0],
        }], Same);
        yield return new("i4 axis", new Dequantize(), [Plain(DType.Int4, 3, 5) with
        {
            Quant = new Quantization([0.1f, 0.2f, 0.3f], [0], 0), Low = -0.7, High = 0.7,
        }], Same);
        yield return new("f16", new Dequantize(), [F16(4, 33)], Same);
        yield return new("bf16", new Dequantize(), [Plain(DType.BFloat16, 4, 33)], Same);
        (DType, Quantization)[] ends =
        [
            (DType.Int8, Q(0.1f, 3)), (DType.Int8, Q(0.2f, -7)), (DType.UInt8, Q(0.1f, 131)),
            (DType.UInt8, Q(0.0002f, 120)), (DType.Int16, Q(0.001f, 0)),
            (DType.Int32, Q(0.0005f, 0)),
        ];
        foreach ((DType from, Quantization x) in ends)
        {
            foreach ((DType to, Quantization y) in ends)
            {
                yield return new($"{from} {x} {y}", new Quantize(to),
                    [Plain(from, 5, 37) with { Quant = x, Low = -13, High = 13 }], Same)
                { Out = [y], Steps = x.Scale == y.Scale ? 0 : 2 };
            }
        }
    }
}
