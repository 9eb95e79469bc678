using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// Permutations of axes, as <see cref="Ops.Transpose"/> has them: axis d of the result is axis
/// p[d].
/// </summary>
static class Permutation
{
    /// <summary>What <paramref name="first"/> and then <paramref name="second"/> do.</summary>
    public static int[] Compose(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var perm = new int[second.Length];
        for (int d = 0; d < perm.Length; d++)
        {
            perm[d] = first[second[d]];
        }

        return perm;
    }

    public static int[] Inverse(ReadOnlySpan<int> perm)
    {
        var inverse = new int[perm.Length];
        for (int d = 0; d < perm.Length; d++)
        {
            inverse[perm[d]] = d;
        }

        return inverse;
    }

    /// <summary>The entries of a list with one an axis, in the new order.</summary>
    public static int[] Apply(ReadOnlySpan<int> perm, ReadOnlySpan<int> list) =>
        Compose(list, perm);

    public static Shape Apply(ReadOnlySpan<int> perm, Shape shape) =>
        new(Apply(perm, shape.Dims));

    /// <summary>Scales that run along an axis go with it.</summary>
    public static Quantization? Apply(ReadOnlySpan<int> perm, Quantization? quant) =>
        quant is null or { Axis: < 0 }
            ? quant
            : quant.Along(perm.IndexOf(quant.Axis));

    /// <summary>True if no element changes its place: only axes of extent 1 move.</summary>
    public static bool KeepsOrder(ReadOnlySpan<int> perm, Shape x)
    {
        int last = -1;
        foreach (int axis in perm)
        {
            if (x[axis] == 1)
            {
                continue;
            }

            if (axis < last)
            {
                return false;
            }

            last = axis;
        }

        return true;
    }

    /// <summary>True if both put the elements of x in the same order.</summary>
    public static bool SameOrder(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Shape x)
    {
        if (a.SequenceEqual(b))
        {
            return true;
        }

        return a.Length == b.Length
            && KeepsOrder(Compose(Inverse(a), b), Apply(a, x));
    }
}
