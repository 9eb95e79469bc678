using System.Runtime.InteropServices;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Compare;

/// <summary>Whether both sides give the same answers, so that times compare the same thing.
/// </summary>
/// <param name="Holds">Equal, within a step, or the same largest element.</param>
/// <param name="Finding">In words.</param>
sealed record Agreement(bool Holds, string Finding)
{
    const double Tolerance = 1e-3;

    /// <summary>Runs both once and compares every output.</summary>
    public static Agreement Of(OurContender ours, OrtContender ort, OrtForm form)
    {
        ours.Session.ResetVariables();
        ours.Fill();
        ours.Run();
        ort.Fill();
        ort.Run();
        if (!ours.Answered)
        {
            return new Agreement(true, "no answer yet to compare");
        }

        var worst = new Agreement(true, "equal");
        for (int o = 0; o < ours.Session.OutputCount; o++)
        {
            TensorView y = ours.Session.Output(o);
            Agreement one = form.Output(ort, o) is { } theirs
                ? Compare(y, theirs)
                : new Agreement(false, $"output {o} has another type or size");
            if (Rank(one) >= Rank(worst))
            {
                worst = one;
            }
        }

        return worst;
    }

    static int Rank(Agreement a) =>
        !a.Holds ? 3 : a.Finding == "equal" ? 0 : a.Finding == "same argmax" ? 2 : 1;

    static Agreement Compare(TensorView ours, byte[] theirs)
    {
        if (ours.AsBytes().SequenceEqual(theirs))
        {
            return new Agreement(true, "equal");
        }

        double[] x = Numbers(ours.DType, ours.AsBytes());
        double[] y = Numbers(ours.DType, theirs);
        double largest = 0;
        double apart = 0;
        for (int i = 0; i < x.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(y[i]));
            double difference = Math.Abs(x[i] - y[i]);
            apart = double.IsNaN(difference) ? double.PositiveInfinity
                : Math.Max(apart, difference);
        }

        bool isFloat = ours.DType == DType.Float32;
        if (apart <= (isFloat ? Tolerance * largest : 1))
        {
            return new Agreement(true, isFloat ? "within 0.1 %" : "within a step");
        }

        string by = isFloat ? $"{apart / largest:0.0 %}" : $"{apart:0} steps";
        bool sameTop = x.Length > 1 && Array.IndexOf(x, x.Max()) == Array.IndexOf(y, y.Max());
        return sameTop
            ? new Agreement(true, "same argmax")
            : new Agreement(false, $"answers differ by {by}");
    }

    static double[] Numbers(DType type, ReadOnlySpan<byte> bytes)
    {
        var numbers = new double[bytes.Length / Math.Max(1, type.Size())];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = type switch
            {
                DType.Float32 => MemoryMarshal.Cast<byte, float>(bytes)[i],
                DType.Int8 => (sbyte)bytes[i],
                DType.UInt8 or DType.Bool => bytes[i],
                DType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[i],
                DType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
                DType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
                _ => bytes[i * type.Size()],
            };
        }

        return numbers;
    }
}
