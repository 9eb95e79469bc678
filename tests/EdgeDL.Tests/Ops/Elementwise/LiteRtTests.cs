using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Tests.Ops.Elementwise;

/// <summary>Quantized elementwise ops give LiteRT's bits for every possible operand.</summary>
public class LiteRtTests
{
    const int All = 65536;

    public static IEnumerable<object[]> Unary => LiteRtTables.Unary;

    public static IEnumerable<object[]> Binary => LiteRtTables.Binary;

    public static IEnumerable<object[]> Conversions => LiteRtTables.Conversions;

    public static IEnumerable<object[]> Floats => LiteRtTables.Floats;

    [Theory, MemberData(nameof(Unary))]
    public void Functions_of_one_number_give_the_same_bits(
        string name, DType type, float scaleX, int zeroX, float scaleY, int zeroY, uint checksum)
    {
        Op op = name switch
        {
            "Logistic" => new Logistic(),
            "Tanh" => new Tanh(),
            "Elu" => new Elu(1f),
            "Exp" => new Exp(),
            "Log" => new Log(),
            "Abs" => new Abs(),
            "Neg" => new Neg(),
            "HardSwish" => new HardSwish(),
            "Gelu" => new Gelu(),
            "GeluTanh" => new GeluTanh(),
            "Relu" => new Relu(),
            "Relu6" => new Relu6(),
            "ReluN1To1" => new ReluN1To1(),
            "Relu0To1" => new Relu0To1(),
            "LeakyRelu" => new LeakyRelu(0.3f),
            "Sqrt" or "SqrtOfPositive" => new Sqrt(),
            "Rsqrt" or "RsqrtOfPositive" => new Rsqrt(),
            _ => throw new ArgumentException(name),
        };
        // LiteRT refuses to run roots of what is not positive.
        bool positive = name.EndsWith("OfPositive", StringComparison.Ordinal);
        int count = positive ? short.MaxValue : type == DType.Int16 ? All : 256;
        long low = positive ? 1 : type == DType.UInt8 ? 0 : -count / 2;
        long[] y = Run(
            op,
            new Quantization(scaleY, zeroY),
            (type, new Quantization(scaleX, zeroX), Values(count, i => i + low)));
        Assert.Equal(checksum, Checksum(y));
    }

    [Theory, MemberData(nameof(Binary))]
    public void Functions_of_two_numbers_give_the_same_bits(
        string name, DType type, float scaleA, int zeroA, float scaleB, int zeroB, float scaleY,
        int zeroY, uint checksum)
    {
        Op op = name switch
        {
            "Add" => new Add(Activation.None),
            "AddRelu" => new Add(Activation.Relu),
            "AddRelu6" => new Add(Activation.Relu6),
            "Sub" => new Sub(Activation.None),
            "Mul" => new Mul(Activation.None),
            "MulRelu6" => new Mul(Activation.Relu6),
            "SquaredDifference" => new SquaredDifference(),
            "PRelu" => new PRelu(),
            "Less" => new Less(),
            "Equal" => new Equal(),
            _ => throw new ArgumentException(name),
        };
        int low = type == DType.UInt8 ? 0 : -128;
        long[] a = type == DType.Int16
            ? Values(All, i => (short)(((i * 7919) & 65535) - 32768))
            : Values(All, i => (i >> 8) + low);
        long[] b = type == DType.Int16
            ? Values(All, i => (short)(((i * 104729) & 65535) - 32768))
            : Values(All, i => (i & 255) + low);
        long[] y = Run(
            op,
            name is "Less" or "Equal" ? null : new Quantization(scaleY, zeroY),
            (type, new Quantization(scaleA, zeroA), a),
            (type, new Quantization(scaleB, zeroB), b));
        Assert.Equal(checksum, Checksum(y));
    }

    [Theory, MemberData(nameof(Conversions))]
    public void Conversions_between_quantizations_give_the_same_bits(
        DType from, DType to, float scaleX, int zeroX, float scaleY, int zeroY, uint checksum)
    {
        long[] x = from switch
        {
            DType.Int16 => Values(All, i => i - 32768),
            DType.UInt8 => Values(All, i => i >> 8),
            _ => Values(All, i => (i >> 8) - 128),
        };
        long[] y = Run(
            new Quantize(to), new Quantization(scaleY, zeroY),
            (from, new Quantization(scaleX, zeroX), x));
        Assert.Equal(checksum, Checksum(y));
    }

    [Theory, MemberData(nameof(Floats))]
    public void Quantizing_floats_gives_the_same_bits(
        DType type, float scale, int zero, uint checksum)
    {
        var builder = new GraphBuilder("one op");
        int x = builder.Input("x", DType.Float32, new Shape(All));
        builder.Output(builder.Node(
            new Quantize(type), "op", [x], new Quantization(scale, zero)));
        using var session = new Session(builder.Model, new SessionOptions { Threads = 1 });
        Span<float> values = session.Input(0).AsSpan<float>();
        for (int i = 0; i < All; i++)
        {
            values[i] = (i - 32768) / 997f;
        }

        session.Run();
        Assert.Equal(checksum, Checksum(Read(session.Output(0))));
    }

    static long[] Values(int count, Func<int, long> f) => [.. Enumerable.Range(0, count).Select(f)];

    static long[] Run(
        Op op, Quantization? quant,
        params (DType Type, Quantization Quant, long[] Values)[] inputs)
    {
        var builder = new GraphBuilder("one op");
        int[] values = [.. inputs.Select((x, i) => builder.Input(
            $"x{i}", x.Type, new Shape(x.Values.Length), x.Quant))];
        builder.Output(builder.Node(op, "op", values, quant));
        using var session = new Session(builder.Model, new SessionOptions { Threads = 1 });
        for (int i = 0; i < inputs.Length; i++)
        {
            Write(session.Input(i), inputs[i].Values);
        }

        session.Run();
        return Read(session.Output(0));
    }

    static void Write(TensorView to, long[] values)
    {
        Span<byte> bytes = to.AsBytes();
        for (int i = 0; i < values.Length; i++)
        {
            if (to.DType.Size() == 1)
            {
                bytes[i] = (byte)values[i];
            }
            else
            {
                MemoryMarshal.Cast<byte, short>(bytes)[i] = (short)values[i];
            }
        }
    }

    static long[] Read(TensorView from)
    {
        byte[] bytes = from.AsBytes().ToArray();
        return from.DType switch
        {
            DType.Int8 => [.. bytes.Select(v => (long)(sbyte)v)],
            DType.Int16 => [.. MemoryMarshal.Cast<byte, short>(bytes).ToArray()
                .Select(v => (long)v)],
            DType.Int32 => [.. MemoryMarshal.Cast<byte, int>(bytes).ToArray().Select(v => (long)v)],
            _ => [.. bytes.Select(v => (long)v)],
        };
    }

    // FNV-1a over the low two bytes of each value.
    static uint Checksum(long[] values)
    {
        uint hash = 2166136261;
        foreach (long v in values)
        {
            hash = (hash ^ (byte)v) * 16777619;
            hash = (hash ^ (byte)(v >> 8)) * 16777619;
        }

        return hash;
    }
}
