using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Elementwise;

/// <summary>Functions of two numbers under every kind of broadcasting.</summary>
sealed class BinaryCases : IOpCases
{
    static readonly (string Name, int[] A, int[] B)[] forms =
    [
        ("same", [2, 3, 5, 7], [2, 3, 5, 7]),
        ("scalar", [2, 3, 37], []),
        ("scalar first", [1], [4, 33]),
        ("last axis", [3, 4, 19], [19]),
        ("channel", [2, 5, 3, 8], [2, 1, 1, 8]),
        ("pixel", [2, 5, 3, 8], [2, 5, 3, 1]),
        ("outer product", [17, 1], [1, 18]),
        ("both ways", [2, 1, 3, 1, 5], [1, 4, 1, 2, 1]),
        ("ranks", [5, 1, 6], [2, 1, 4, 1]),
        ("ones", [1, 1, 1], [1, 1]),
        ("empty", [3, 0, 2], [3, 1, 2]),
    ];

    public static IEnumerable<OpCase> Cases()
    {
        foreach ((string name, int[] a, int[] b) in forms)
        {
            yield return new($"{name} f32", new Add(Activation.None), [F32(a), F32(b)],
                r => r.Zip((x, y) => x + y));
            yield return new($"{name} f32 relu6", new Sub(Activation.Relu6), [F32(a), F32(b)],
                r => r.Zip((x, y) => Math.Clamp(x - y, 0, 6)));
            yield return new($"{name} i32", new Mul(Activation.None), [I32(a), I32(b)],
                r => r.Zip((x, y) => x * y));
            yield return new($"{name} f32", new Less(), [F32(a), F32(b)],
                r => r.Zip((x, y) => x < y ? 1 : 0));
            yield return new($"{name} i8", new Add(Activation.Relu),
                [I8(0.1f, 3, a), I8(0.07f, -20, b)],
                r => r.Zip((x, y) => Math.Max(x + y, 0))) { Out = [Q(0.15f, -5)] };
            yield return new($"{name} u8", new Mul(Activation.None),
                [U8(0.1f, 130, a), U8(0.07f, 100, b)],
                r => r.Zip((x, y) => x * y)) { Out = [Q(0.5f, 125)] };
        }

        yield return new("large", new Add(Activation.None), [F32(300, 257), F32(257)],
            r => r.Zip((x, y) => x + y));
        foreach (OpCase c in Numbers())
        {
            yield return c;
        }

        foreach (OpCase c in Quantized())
        {
            yield return c;
        }
    }

    static IEnumerable<OpCase> Numbers()
    {
        int[] s = [4, 9];
        Arg away = F32(s).Between(0.5, 3);
        yield return new("f32", new Div(Activation.None), [F32(s), away],
            r => r.Zip((x, y) => x / y));
        yield return new("f32 relu", new Div(Activation.Relu), [F32(s), away],
            r => r.Zip((x, y) => Math.Max(x / y, 0)));
        yield return new("i64", new Div(Activation.None), [I64(s), I64(s)],
            r => r.Zip((x, y) => y == 0 ? 0 : Math.Truncate(x / y)));
        yield return new("i64 relu6", new Add(Activation.Relu6), [I64(s), I64(s)],
            r => r.Zip((x, y) => Math.Clamp(x + y, 0, 6)));
        yield return new("i64", new Sub(Activation.None), [I64(s), I64(s)],
            r => r.Zip((x, y) => x - y));
        yield return new("f32", new SquaredDifference(), [F32(s), F32(9)],
            r => r.Zip((x, y) => (x - y) * (x - y)));
        yield return new("i32", new SquaredDifference(), [I32(s), I32(9)],
            r => r.Zip((x, y) => (x - y) * (x - y)));
        yield return new("f32", new Pow(), [away, F32(s)], r => r.Zip(Math.Pow));
        yield return new("i32", new Pow(), [I32(s), I32(s).Between(0, 5)], r => r.Zip(Math.Pow));
        yield return new("f32", new Atan2(), [F32(s), F32(9)], r => r.Zip(Math.Atan2));
        yield return new("f32", new FloorDiv(), [F32(s), away],
            r => r.Zip((x, y) => Math.Floor((float)x / (float)y)));
        yield return new("f32", new FloorMod(), [F32(s), F32(s).Of(0.75)],
            r => r.Zip((x, y) => x - (y * Math.Floor(x / y))));
        yield return new("f32", new Mod(), [F32(s), F32(s).Of(-0.75)],
            r => r.Zip((x, y) => x % y));
        yield return new("f32", new PRelu(), [F32(2, 3, 9), F32(1, 9)],
            r => r.Zip((x, y) => x < 0 ? x * y : x));
        foreach (DType type in (DType[])[DType.Float32, DType.Int8, DType.UInt8, DType.Int16,
            DType.UInt16, DType.Int32, DType.UInt32, DType.Int64, DType.UInt64])
        {
            Arg a = Plain(type, s);
            Arg b = Plain(type, 9);
            yield return new($"{type}", new Maximum(), [a, b], r => r.Zip(Math.Max));
            yield return new($"{type}", new Minimum(), [a, b], r => r.Zip(Math.Min));
            foreach (OpCase c in Comparisons($"{type}", a, b))
            {
                yield return c;
            }

            if (type == DType.Float32)
            {
                continue;
            }

            foreach (OpCase c in Plains(type, a, b))
            {
                yield return c;
            }

            yield return new($"{type}", new FloorDiv(), [a, b],
                r => r.Zip((x, y) => y == 0 ? 0 : Math.Floor(x / y)));
            yield return new($"{type}", new FloorMod(), [a, b],
                r => r.Zip((x, y) => y == 0 ? 0 : x - (y * Math.Floor(x / y))));
            yield return new($"{type}", new Mod(), [a, b],
                r => r.Zip((x, y) => y == 0 ? 0 : x % y));
            yield return new($"{type}", new BitwiseAnd(), [a, b],
                r => r.Zip((x, y) => (long)x & (long)y));
            yield return new($"{type}", new BitwiseOr(), [a, b],
                r => r.Zip((x, y) => (long)x | (long)y));
            yield return new($"{type}", new BitwiseXor(), [a, b],
                r => r.Zip((x, y) => (long)x ^ (long)y));
            Arg few = b.Between(0, 3);
            yield return new($"{type}", new ShiftLeft(), [a, few],
                r => r.Zip((x, y) => (long)x << (int)y)) { Extremes = type != DType.UInt8 };
            yield return new($"{type}", new ShiftRight(), [a, few],
                r => r.Zip((x, y) => (long)x >> (int)y));
        }

        yield return new("bool", new LogicalAnd(), [Bool(s), Bool(9)], r => r.Zip((x, y) => x * y));
        yield return new("bool", new LogicalOr(), [Bool(s), Bool(9)], r => r.Zip(Math.Max));
        yield return new("bool", new LogicalXor(), [Bool(s), Bool(9)],
            r => r.Zip((x, y) => x == y ? 0 : 1));
        foreach (OpCase c in Comparisons("bool", Bool(s), Bool(9)))
        {
            yield return c;
        }
    }

    static IEnumerable<OpCase> Plains(DType type, Arg a, Arg b)
    {
        // Unsigned differences stay at or above zero, 8-bit products within 8 bits.
        bool signed = a.Type is DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64;
        Arg larger = signed ? a : a.Between(20, 25);
        Arg small = b.Between(signed ? -5 : 0, 6);
        yield return new($"{type} plain", new Add(Activation.None), [a, b],
            r => r.Zip((x, y) => x + y));
        yield return new($"{type} plain", new Sub(Activation.None), [larger, b],
            r => r.Zip((x, y) => x - y));
        yield return new($"{type} plain", new Mul(Activation.None), [a, small],
            r => r.Zip((x, y) => x * y));
        yield return new($"{type} plain", new Div(Activation.None), [larger, b],
            r => r.Zip((x, y) => y == 0 ? 0 : Math.Truncate(x / y)));
    }

    static IEnumerable<OpCase> Comparisons(string name, Arg a, Arg b)
    {
        yield return new(name, new Equal(), [a, b], r => r.Zip((x, y) => x == y ? 1 : 0));
        yield return new(name, new NotEqual(), [a, b], r => r.Zip((x, y) => x != y ? 1 : 0));
        yield return new($"{name} n", new Less(), [a, b], r => r.Zip((x, y) => x < y ? 1 : 0));
        yield return new(name, new LessEqual(), [a, b], r => r.Zip((x, y) => x <= y ? 1 : 0));
        yield return new(name, new Greater(), [a, b], r => r.Zip((x, y) => x > y ? 1 : 0));
        yield return new(name, new GreaterEqual(), [a, b], r => r.Zip((x, y) => x >= y ? 1 : 0));
    }

    static IEnumerable<OpCase> Quantized()
    {
        int[] s = [4, 37];
        foreach ((string name, Arg a, Arg b, int zero, float fine) in ((string, Arg, Arg, int,
            float)[])
        [
            ("i8", I8(0.1f, 3, s), I8(0.07f, -20, 37), -5, 1f),
            ("u8", U8(0.1f, 131, s), U8(0.07f, 108, 37), 123, 1f),
            ("i16", I16(0.0004f, s), I16(0.0003f, 37), 0, 1 / 256f),
        ])
        {
            yield return new($"{name} q", new Add(Activation.None), [a, b],
                r => r.Zip((x, y) => x + y)) { Out = [Q(0.15f * fine, zero)] };
            yield return new($"{name} q", new Sub(Activation.ReluN1To1), [a, b],
                r => r.Zip((x, y) => Math.Clamp(x - y, -1, 1))) { Out = [Q(0.15f * fine, zero)] };
            yield return new($"{name} q", new Mul(Activation.Relu6), [a, b],
                r => r.Zip((x, y) => Math.Clamp(x * y, 0, 6))) { Out = [Q(0.5f * fine, zero)] };
            yield return new($"{name} q unusual", new Add(Activation.None), [a, b],
                r => r.Zip((x, y) => x + y)) { Out = [Q(0.0003f * fine, zero)], Steps = 2 };
            yield return new($"{name} q unusual", new Mul(Activation.None), [a, b],
                r => r.Zip((x, y) => x * y)) { Out = [Q(2000f * fine, zero)] };
            yield return new($"{name} q", new PRelu(), [a, b],
                r => r.Zip((x, y) => x < 0 ? x * y : x)) { Out = [Q(0.5f * fine, zero)] };
            if (name != "i16")
            {
                yield return new($"{name} q", new SquaredDifference(), [a, b],
                    r => r.Zip((x, y) => (x - y) * (x - y))) { Out = [Q(1.5f, zero)] };
                yield return new($"{name} q", new Div(Activation.None),
                    [a, b with { Low = 0.5, High = 2 }],
                    r => r.Zip((x, y) => x / y)) { Out = [Q(0.3f, zero)] };
            }

            yield return new($"{name} q", new Maximum(), [a, a], r => r.Zip(Math.Max))
            { Out = [a.Quant], Steps = 0 };
            foreach (OpCase c in Comparisons($"{name} q", a, a))
            {
                yield return c;
            }
        }
    }
}
