using System.Runtime.InteropServices;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Verify;

/// <summary>How far outputs may lie apart.</summary>
/// <param name="Steps">For integers: quantization steps.</param>
/// <param name="Relative">For floats, and for different types: of the largest value.</param>
/// <param name="Absolute">For floats: so much is never too far.</param>
sealed record Limits(int Steps, double Relative, double Absolute);

/// <summary>How far two tensors lie apart.</summary>
readonly record struct Comparison(
    bool IsInteger, double Largest, double MaxError, long Different, long Count)
{
    /// <summary>The largest error relative to the largest expected value.</summary>
    public double Relative => MaxError / Math.Max(Largest, 1e-30);

    public bool Within(Limits limits) => double.IsFinite(MaxError)
        && (IsInteger ? MaxError <= limits.Steps
            : MaxError <= limits.Absolute || Relative <= limits.Relative);

    /// <summary>Compares numbers; integers by their steps.</summary>
    public static Comparison Of(
        ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, bool isInteger)
    {
        double largest = 0, worst = 0;
        long different = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            Add(actual[i], expected[i], ref largest, ref worst, ref different);
        }

        return new Comparison(isInteger, largest, worst, different, actual.Length);
    }

    /// <summary>Compares what a run gave with what a file or another model says.</summary>
    public static Comparison Of(TensorView actual, ReadOnlySpan<byte> expected)
    {
        bool integer = !actual.DType.IsFloat();
        double largest = 0, worst = 0;
        long different = 0;
        int count = actual.Elements;
        for (int i = 0; i < count; i++)
        {
            double a = Number(actual.AsBytes(), actual.DType, i);
            double e = Number(expected, actual.DType, i);
            Add(a, e, ref largest, ref worst, ref different);
        }

        return new Comparison(integer, largest, worst, different, count);
    }

    /// <summary>Compares two models' tensors by the reals that they stand for; integers of equal
    /// quantization by their steps.</summary>
    public static Comparison Of(TensorView a, TensorView b)
    {
        if (a.DType == b.DType && Quantization.Same(a.Quant, b.Quant))
        {
            return Of(a, b.AsBytes());
        }

        double largest = 0, worst = 0;
        long different = 0;
        int count = a.Elements;
        for (int i = 0; i < count; i++)
        {
            Add(Real(a, i), Real(b, i), ref largest, ref worst, ref different);
        }

        return new Comparison(false, largest, worst, different, count);
    }

    static void Add(double a, double e, ref double largest, ref double worst, ref long different)
    {
        bool same = a == e || (double.IsNaN(a) && double.IsNaN(e));
        double error = same ? 0 : Math.Abs(a - e);
        largest = Math.Max(largest, Math.Abs(double.IsFinite(e) ? e : 0));
        worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        different += same ? 0 : 1;
    }

    /// <summary>The real that an element stands for.</summary>
    public static double Real(TensorView t, int i)
    {
        double q = Number(t.AsBytes(), t.DType, i);
        if (t.Quant is not { } quant)
        {
            return q;
        }

        int slice = 0;
        if (quant.Axis >= 0)
        {
            slice = i / t.Shape.Product(quant.Axis + 1, t.Shape.Rank) % t.Shape[quant.Axis];
        }

        return quant.ScaleOf(slice) * (q - quant.ZeroPointOf(slice));
    }

    /// <summary>An element as a number.</summary>
    public static double Number(ReadOnlySpan<byte> bytes, DType type, int i) => type switch
    {
        DType.Float32 => MemoryMarshal.Cast<byte, float>(bytes)[i],
        DType.Float64 => MemoryMarshal.Cast<byte, double>(bytes)[i],
        DType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
        DType.BFloat16 => BitConverter.Int32BitsToSingle(
            MemoryMarshal.Cast<byte, ushort>(bytes)[i] << 16),
        DType.Int8 => (sbyte)bytes[i],
        DType.UInt8 or DType.Bool => bytes[i],
        DType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[i],
        DType.UInt16 => MemoryMarshal.Cast<byte, ushort>(bytes)[i],
        DType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
        DType.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes)[i],
        DType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
        DType.UInt64 => MemoryMarshal.Cast<byte, ulong>(bytes)[i],
        DType.Int4 => (sbyte)((i & 1) == 0 ? bytes[i / 2] << 4 : bytes[i / 2] & 0xF0) >> 4,
        _ => throw new UsageException($"tensors of {type} can't be compared"),
    };

    public override string ToString() => Different == 0
        ? $"equal ({Count} values)"
        : IsInteger
            ? $"{Different} of {Count} values differ, by at most {MaxError:0} steps"
            : $"{Different} of {Count} values differ, by at most {MaxError:g3} (relative "
                + $"{Relative:g3})";
}
