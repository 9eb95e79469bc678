using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeDL.Tensors;

/// <summary>The extents of a tensor, outermost first; rank 0 is a scalar. Immutable.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The highest rank that the runtime and the file format know.</summary>
    public const int MaxRank = 8;

    /// <summary>The most elements a tensor may have: every index fits an int32.</summary>
    public const long MaxElements = int.MaxValue;

    readonly Extents extents;
    readonly int rank;

    /// <summary>Takes 0 to 8 extents, each ≥ 0, with a product of at most 2³¹ − 1.</summary>
    /// <exception cref="ArgumentException">An extent or the product is out of range.</exception>
    public Shape(params ReadOnlySpan<int> dims)
    {
        if (Problem(dims) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        rank = dims.Length;
        for (int i = 0; i < rank; i++)
        {
            extents[i] = dims[i];
        }
    }

    /// <summary>The scalar shape.</summary>
    public static Shape Scalar => default;

    /// <summary>The number of axes.</summary>
    public int Rank => rank;

    /// <summary>
    /// The extent of axis <paramref name="axis"/>; negative axes count from the end.
    /// </summary>
    public int this[int axis]
    {
        get
        {
            int i = axis < 0 ? axis + rank : axis;
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
                (uint)i, (uint)rank, nameof(axis));
            return extents[i];
        }
    }

    /// <summary>The product of the extents; 1 for a scalar.</summary>
    public int Elements
    {
        get
        {
            int n = 1;
            for (int i = 0; i < rank; i++)
            {
                n *= extents[i];
            }

            return n;
        }
    }

    /// <summary>The extents as a span that lives as long as this value's storage.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int> Dims => ((ReadOnlySpan<int>)extents)[..rank];

    /// <summary>What is wrong with these extents, or null.</summary>
    public static string? Problem(ReadOnlySpan<int> dims)
    {
        if (dims.Length > MaxRank)
        {
            return $"rank {dims.Length} is above {MaxRank}";
        }

        long product = 1;
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] < 0)
            {
                return $"extent {dims[i]} of axis {i} is negative";
            }

            // A zero extent may stand beside huge ones: count those as one, so that strides fit
            // too.
            product *= Math.Max(dims[i], 1);
            if (product > MaxElements)
            {
                return $"the extents up to axis {i} multiply to more than {MaxElements} elements";
            }
        }

        return null;
    }

    /// <summary>The product of the extents in [begin, end).</summary>
    public int Product(int begin, int end)
    {
        int n = 1;
        for (int i = begin; i < end; i++)
        {
            n *= extents[i];
        }

        return n;
    }

    /// <summary>This shape with one extent replaced.</summary>
    public Shape With(int axis, int extent)
    {
        Span<int> dims = stackalloc int[MaxRank];
        Dims.CopyTo(dims);
        dims[axis < 0 ? axis + rank : axis] = extent;
        return new Shape(dims[..rank]);
    }

    public int[] ToArray() => Dims.ToArray();

    public bool Equals(Shape other) => Dims.SequenceEqual(other.Dims);

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int d in Dims)
        {
            hash.Add(d);
        }

        return hash.ToHashCode();
    }

    /// <summary>
    /// The form users see and type: <c>1x224x224x3</c>; <c>scalar</c> for rank 0.
    /// </summary>
    public override string ToString()
    {
        if (rank == 0)
        {
            return "scalar";
        }

        var text = new StringBuilder();
        foreach (int d in Dims)
        {
            text.Append(text.Length == 0 ? "" : "x").Append(d);
        }

        return text.ToString();
    }

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    [InlineArray(MaxRank)]
    struct Extents
    {
        int first;
    }
}
