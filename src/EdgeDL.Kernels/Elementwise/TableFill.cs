using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>What a table maps from and to: 8-bit values and the reals they stand for.</summary>
public readonly record struct TableRange(
    float ScaleX, int ZeroX, float ScaleY, int ZeroY, bool IsSigned)
{
    public int Min => IsSigned ? sbyte.MinValue : byte.MinValue;

    public int Max => IsSigned ? sbyte.MaxValue : byte.MaxValue;

    /// <summary>The real that an input stands for.</summary>
    public float Real(int q) => (q - ZeroX) * ScaleX;

    /// <summary>The nearest output, halves to even; NaN gives the zero point.</summary>
    public int ToEven(float real) => new Q8Output(ScaleY, ZeroY, Min, Max).ToEven(real);
}

/// <summary>One entry of an 8-bit table: what the quantized function gives for q.</summary>
public interface ITableEntry
{
    int Apply(int q, in TableRange range);
}

/// <summary>Filling 8-bit tables.</summary>
public static class TableFill
{
    public static void Run(Span<byte> table, ITableEntry entry, in TableRange range)
    {
        for (int q = range.Min; q <= range.Max; q++)
        {
            int value = Math.Clamp(entry.Apply(q, range), range.Min, range.Max);
            table[(byte)q] = (byte)value;
        }
    }

    /// <summary>
    /// round(fn(real) / scale) + zero, halves away from zero; where the function has no value the
    /// result is the least integer. So do LiteRT's tables.
    /// </summary>
    public readonly struct Nearest(ScalarFunction fn) : ITableEntry
    {
        public int Apply(int q, in TableRange range)
        {
            float steps = fn.Apply(range.Real(q)) * (1f / range.ScaleY);
            return Steps(MathF.Round(steps, MidpointRounding.AwayFromZero), range);
        }
    }

    /// <summary>The same, cut off toward zero: TensorFlow Lite's square root.</summary>
    public readonly struct Truncated(ScalarFunction fn) : ITableEntry
    {
        public int Apply(int q, in TableRange range)
            => Steps(MathF.Truncate(fn.Apply(range.Real(q)) / range.ScaleY), range);
    }

    /// <summary>round(fn(real) / scale) + zero, halves to even: ONNX's meaning.</summary>
    public readonly struct ToEven(ScalarFunction fn) : ITableEntry
    {
        public int Apply(int q, in TableRange range) => range.ToEven(fn.Apply(range.Real(q)));
    }

    /// <summary>The same of the number itself: from one scale to another.</summary>
    public readonly struct Rescaled : ITableEntry
    {
        public int Apply(int q, in TableRange range) => range.ToEven(range.Real(q));
    }

    /// <summary>−q, wrapping: TensorFlow Lite's negation keeps the quantization.</summary>
    public readonly struct NegatedInteger : ITableEntry
    {
        public int Apply(int q, in TableRange range) => range.IsSigned ? (sbyte)-q : (byte)-q;
    }

    /// <summary>
    /// XNNPACK's leaky ReLU: multipliers of the positive and negative side rounded to 1/256, the
    /// product rounded half up.
    /// </summary>
    public readonly struct LeakyRelu(float alpha) : ITableEntry
    {
        /// <summary>True if both multipliers are inside XNNPACK's ranges.</summary>
        public static bool Takes(float scaleX, float scaleY, float alpha)
        {
            float positive = scaleX / scaleY;
            float negative = positive * alpha;
            return positive is >= 1f / 256 and <= 128f
                && negative is >= -127.99609375f and <= 128f
                && MathF.Abs(negative) >= 1f / 256;
        }

        public int Apply(int q, in TableRange range)
        {
            float positive = range.ScaleX / range.ScaleY;
            int x = q - range.ZeroX;
            float multiplier = x >= 0 ? positive : positive * alpha;
            return (((x * (int)MathF.Round(256f * multiplier)) + 128) >> 8) + range.ZeroY;
        }
    }

    /// <summary>TensorFlow Lite's leaky ReLU: one fixed-point factor a side.</summary>
    public readonly struct LeakyReluFixed(float scaleX, float scaleY, float alpha) : ITableEntry
    {
        readonly FixedFactor positive = FixedFactor.Of(scaleX / scaleY);
        readonly FixedFactor negative = FixedFactor.Of(scaleX * Math.Abs(alpha) / scaleY);
        readonly int sign = alpha < 0 ? -1 : 1;

        public int Apply(int q, in TableRange range)
        {
            int x = q - range.ZeroX;
            int steps = x >= 0 ? positive.Times(x) : sign * negative.Times(x);
            return steps + range.ZeroY;
        }
    }

    /// <summary>
    /// TensorFlow Lite's hard swish: the value and its gate in [0, 1] as 16-bit fixed point.
    /// </summary>
    public readonly struct HardSwishFixed : ITableEntry
    {
        readonly short outputMultiplier;
        readonly int outputExponent;
        readonly short gateMultiplier;
        readonly int gateExponent;

        HardSwishFixed(float hiresScale, float scaleY)
        {
            (outputMultiplier, outputExponent) = Narrow(hiresScale / scaleY);
            // The real 3 is 2¹⁵ on the gate's scale.
            (gateMultiplier, gateExponent) = Narrow(hiresScale / (3f / 32768f));
        }

        /// <summary>The arithmetic, or null where the scales are beyond it.</summary>
        public static HardSwishFixed? For(float scaleX, float scaleY)
        {
            float hires = 1f / 128f * scaleX;
            return hires / scaleY < 1f && hires / (3f / 32768f) < 1 << 29
                ? new HardSwishFixed(hires, scaleY)
                : null;
        }

        public int Apply(int q, in TableRange range)
        {
            short hires = (short)((q - range.ZeroX) << 7);
            short value = HighMul(hires, outputMultiplier);
            short gate = hires;
            if (gateExponent > 0)
            {
                gate = ShiftLeft(gate, gateExponent - 1);
            }
            gate = HighMul(gate, gateMultiplier);
            gate = gateExponent > 0 ? ShiftLeft(gate, 1)
                : (short)FixedPoint.RoundingDivideByPowerOfTwo(gate, Math.Min(-gateExponent, 31));
            gate = (short)((gate + (1 << 15)) >> 1);
            // Truncated, not rounded: it cancels the bias of the roundings above.
            int product = gate * value / (1 << 15);
            return FixedPoint.RoundingDivideByPowerOfTwo(product, Math.Min(-outputExponent, 31))
                + range.ZeroY;
        }

        static (short Multiplier, int Exponent) Narrow(double real)
        {
            (int multiplier, int exponent) = FixedPoint.QuantizeMultiplier(real);
            int rounded = (int)(((long)multiplier + (1 << 15)) >> 16);
            return ((short)Math.Min(rounded, short.MaxValue), exponent);
        }

        // round(a·b / 2¹⁵), halves away from zero; the multiplier is never −2¹⁵.
        static short HighMul(short a, short b)
        {
            int product = a * b;
            return (short)((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15));
        }

        static short ShiftLeft(short value, int bits)
            => (short)Math.Clamp((long)value << bits, short.MinValue, short.MaxValue);
    }

    /// <summary>
    /// XNNPACK's conversion between scales: a multiplier rounded to 1/256, the product rounded
    /// half up.
    /// </summary>
    public readonly struct Convert : ITableEntry
    {
        /// <summary>True if the ratio of the scales is inside XNNPACK's range.</summary>
        public static bool Takes(float scaleX, float scaleY)
            => scaleX / scaleY is >= 1f / 256 and <= 128f;

        public int Apply(int q, in TableRange range)
        {
            int multiplier = (int)MathF.Round(256f * (range.ScaleX / range.ScaleY));
            return ((((q - range.ZeroX) * multiplier) + 128) >> 8) + range.ZeroY;
        }
    }

    static int Steps(float steps, in TableRange range)
        // Saturates: a float outside int's range, and NaN, stand for the nearest end.
        => float.IsNaN(steps) ? range.Min
            : (int)Math.Clamp(steps + (double)range.ZeroY, range.Min, range.Max);
}
