namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// A reduction over any set of axes as two odometers (kept and reduced) around one contiguous run.
/// The run is either reduced itself (innermost axis reduced: one output a kept position) or kept
/// (innermost axis kept: a row of outputs a kept position). Built once at load.
/// </summary>
public sealed class ReducePlan
{
    readonly int[] _keptDims;
    readonly int[] _keptStrides;
    readonly int[] _reducedDims;
    readonly int[] _reducedStrides;

    /// <param name="dims">Sizes of the input, outermost first.</param>
    /// <param name="isReduced">Which of them are reduced.</param>
    public ReducePlan(ReadOnlySpan<int> dims, ReadOnlySpan<bool> isReduced)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(isReduced.Length, dims.Length);
        var sizes = new List<int>();
        var kinds = new List<bool>();
        InputLength = 1;
        Reduced = 1;
        for (int i = 0; i < dims.Length; i++)
        {
            InputLength = checked(InputLength * dims[i]);
            Reduced = isReduced[i] ? Reduced * dims[i] : Reduced;
            if (dims[i] == 1)
            {
                continue;
            }
            if (kinds.Count > 0 && kinds[^1] == isReduced[i])
            {
                sizes[^1] *= dims[i];
            }
            else
            {
                sizes.Add(dims[i]);
                kinds.Add(isReduced[i]);
            }
        }
        RunIsReduced = kinds.Count > 0 && kinds[^1];
        Run = kinds.Count > 0 ? sizes[^1] : 1;
        var strides = new int[sizes.Count];
        int stride = 1;
        for (int i = sizes.Count - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= sizes[i];
        }
        (_keptDims, _keptStrides) = Outer(sizes, strides, kinds, kind: false);
        (_reducedDims, _reducedStrides) = Outer(sizes, strides, kinds, kind: true);
        Kept = Product(_keptDims);
        Groups = Product(_reducedDims);
    }

    public int InputLength { get; }

    /// <summary>How many numbers go into one output.</summary>
    public int Reduced { get; }

    /// <summary>Length of the contiguous run.</summary>
    public int Run { get; }

    /// <summary>
    /// True: a run becomes one number. False: runs are combined element by element.
    /// </summary>
    public bool RunIsReduced { get; }

    /// <summary>Kept positions outside the run: the unit in which work is split.</summary>
    public int Kept { get; }

    /// <summary>Reduced positions outside the run.</summary>
    public int Groups { get; }

    /// <summary>Outputs of one kept position.</summary>
    public int OutputRun => RunIsReduced ? 1 : Run;

    public int OutputLength => Kept * OutputRun;

    internal int KeptOffset(int index) => Offset(index, _keptDims, _keptStrides);

    internal int GroupOffset(int index) => Offset(index, _reducedDims, _reducedStrides);

    internal void Check(int inputLength, int outputLength, int begin, int end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputLength, InputLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputLength, OutputLength);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Kept);
    }

    static int Offset(int index, int[] dims, int[] strides)
    {
        int offset = 0;
        for (int i = dims.Length - 1; i > 0; i--)
        {
            int outer = index / dims[i];
            offset += (index - outer * dims[i]) * strides[i];
            index = outer;
        }
        return dims.Length > 0 ? offset + index * strides[0] : 0;
    }

    // The axes of one kind outside the run.
    static (int[] Dims, int[] Strides) Outer(
        List<int> sizes, int[] strides, List<bool> kinds, bool kind)
    {
        int[] axes = [.. Enumerable.Range(0, Math.Max(sizes.Count - 1, 0))
            .Where(i => kinds[i] == kind)];
        return ([.. axes.Select(i => sizes[i])], [.. axes.Select(i => strides[i])]);
    }

    static int Product(int[] dims)
    {
        int product = 1;
        foreach (int dim in dims)
        {
            product *= dim;
        }
        return product;
    }
}
