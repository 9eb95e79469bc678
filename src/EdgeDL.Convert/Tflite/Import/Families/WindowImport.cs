using EdgeDL.Convert.Tflite.Schema;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Explicit padding of a sliding window along one axis.</summary>
readonly record struct WindowPads(int Before, int After)
{
    /// <summary>
    /// The schema's padding as numbers. SAME: out = ⌈in / stride⌉, and the odd element of the
    /// padding goes behind. VALID: none.
    /// </summary>
    public static WindowPads Of(
        NodeImport node, int padding, int input, int kernel, int stride, int dilation)
    {
        if (stride < 1 || dilation < 1 || kernel < 1)
        {
            throw node.Fail($"stride {stride}, dilation {dilation} and window {kernel} must be "
                + "at least 1");
        }

        const int Same = 0;
        const int Valid = 1;
        switch (padding)
        {
            case Valid:
                return default;
            case Same:
                long extent = ((long)kernel - 1) * dilation + 1;
                long output = ((long)input + stride - 1) / stride;
                long total = Math.Max((output - 1) * stride + extent - input, 0);
                return total <= int.MaxValue
                    ? new WindowPads((int)(total / 2), (int)(total - total / 2))
                    : throw node.Fail($"a window of {extent} needs {total} of padding");
            default:
                throw node.Fail($"padding {padding} is not SAME ({Same}) or VALID ({Valid})");
        }
    }
}
