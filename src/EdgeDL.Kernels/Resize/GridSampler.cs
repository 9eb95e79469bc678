namespace EdgeDL.Kernels.Resize;

/// <summary>
/// What a position outside of the input reads. The numbers are part of the file format.
/// </summary>
public enum GridPadding
{
    /// <summary>0.</summary>
    Zeros = 0,

    /// <summary>The nearest edge.</summary>
    Border = 1,

    /// <summary>The input mirrored at its edges.</summary>
    Reflection = 2,
}

/// <summary>Neighbours of one position along one axis: index −1 reads 0.</summary>
public unsafe struct GridTaps
{
    /// <summary>The most neighbours.</summary>
    public const int Most = 4;

    public fixed int Indices[Most];
    public fixed float Weights[Most];
    public int Count;
}

/// <summary>
/// Positions in [−1, 1] to neighbours and weights along one axis of an input.
/// </summary>
/// <param name="size">The input's extent, ≥ 1.</param>
/// <param name="method">Which neighbours; cubic has a = −¾.</param>
/// <param name="padding">What is outside.</param>
/// <param name="alignsCorners">True: ±1 are the centres of the outermost pixels, else their
/// outer edges.</param>
public readonly unsafe struct GridAxis(
    int size, ResizeMethod method, GridPadding padding, bool alignsCorners)
{
    const float Far = 1 << 30;

    readonly float low = alignsCorners ? 0 : -0.5f;
    readonly float high = alignsCorners ? size - 1 : size - 0.5f;

    /// <summary>The position in pixels, to even for the nearest pixel.</summary>
    public float Position(float at)
    {
        float x = alignsCorners ? (at + 1) / 2 * (size - 1) : ((at + 1) * size - 1) / 2;
        // NaN is outside, on the left.
        x = x >= -Far ? MathF.Min(x, Far) : -Far;
        return method == ResizeMethod.Nearest ? MathF.Round(x) : x;
    }

    /// <summary>True if a position is beyond the outermost edge.</summary>
    public bool IsOutside(float x) => !(x >= low && x <= high);

    /// <summary>Where to read for a position if one of its axes is outside.</summary>
    public float Pad(float x) => padding switch
    {
        // A cubic still curves towards the edge: only its neighbours are clamped.
        GridPadding.Border when method != ResizeMethod.Cubic => Math.Clamp(x, 0, size - 1),
        GridPadding.Reflection => Reflect(x),
        _ => x,
    };

    /// <summary>The neighbours of a position.</summary>
    public void Taps(float x, ref GridTaps taps)
    {
        float floor = MathF.Floor(x);
        int first = (int)floor;
        float t = x - floor;
        switch (method)
        {
            case ResizeMethod.Nearest:
                taps.Count = 1;
                taps.Weights[0] = 1;
                break;
            case ResizeMethod.Linear:
                taps.Count = 2;
                taps.Weights[0] = 1 - t;
                taps.Weights[1] = t;
                break;
            default:
                taps.Count = 4;
                first--;
                taps.Weights[0] = Outer(t + 1);
                taps.Weights[1] = Inner(t);
                taps.Weights[2] = Inner(1 - t);
                taps.Weights[3] = Outer(2 - t);
                break;
        }

        for (int i = 0; i < taps.Count; i++)
        {
            taps.Indices[i] = Index(first + i);
        }
    }

    int Index(int i)
    {
        if ((uint)i < (uint)size)
        {
            return i;
        }

        return padding switch
        {
            GridPadding.Border => Math.Clamp(i, 0, size - 1),
            GridPadding.Reflection => Math.Clamp((int)Reflect(i), 0, size - 1),
            _ => -1,
        };
    }

    float Reflect(float x)
    {
        float range = high - low;
        if (range <= 0 || !IsOutside(x))
        {
            return range <= 0 ? low : x;
        }

        float beyond = x < low ? low - x : x - high;
        float times = MathF.Floor(beyond / range);
        float rest = beyond - times * range;
        bool fromLow = x < low == (times % 2 == 0);
        return fromLow ? low + rest : high - rest;
    }

    static float Inner(float d) => (1.25f * d - 2.25f) * d * d + 1;

    static float Outer(float d) => ((-0.75f * d + 3.75f) * d - 6) * d + 3;
}

/// <summary>Samples of NDHWC numbers at positions of a grid.</summary>
public static unsafe class GridSampler
{
    /// <summary>
    /// y[n, p, ·] = x[n] at grid[n, p] for so many positions of one input; a position is (x, y)
    /// if <paramref name="axes"/> are two, or (x, y, z), the axes being outermost first.
    /// </summary>
    public static void Run(
        ReadOnlySpan<GridAxis> axes, ReadOnlySpan<int> extents, int channels, float* x,
        float* grid, float* y, int positions)
    {
        int rank = axes.Length;
        GridTaps* taps = stackalloc GridTaps[3];
        float* at = stackalloc float[3];
        // Two axes are three, the first of one pixel.
        taps[0] = default;
        taps[0].Count = 1;
        taps[0].Weights[0] = 1;
        for (int p = 0; p < positions; p++, grid += rank, y += channels)
        {
            bool isOutside = false;
            for (int a = 0; a < rank; a++)
            {
                at[a] = axes[a].Position(grid[rank - 1 - a]);
                isOutside |= axes[a].IsOutside(at[a]);
            }

            for (int a = 0; a < rank; a++)
            {
                float position = isOutside ? axes[a].Pad(at[a]) : at[a];
                axes[a].Taps(position, ref taps[3 - rank + a]);
            }

            new Span<float>(y, channels).Clear();
            Sum(taps, extents[rank - 2], extents[rank - 1], channels, x, y);
        }
    }

    static void Sum(
        GridTaps* taps, int height, int width, int channels, float* x, float* y)
    {
        for (int i = 0; i < taps[0].Count; i++)
        {
            for (int j = 0; j < taps[1].Count; j++)
            {
                for (int k = 0; k < taps[2].Count; k++)
                {
                    int z = taps[0].Indices[i];
                    int v = taps[1].Indices[j];
                    int u = taps[2].Indices[k];
                    if ((z | v | u) < 0)
                    {
                        continue;
                    }

                    float weight = taps[0].Weights[i] * taps[1].Weights[j] * taps[2].Weights[k];
                    float* from = x + (((nint)z * height + v) * width + u) * channels;
                    for (int c = 0; c < channels; c++)
                    {
                        y[c] += weight * from[c];
                    }
                }
            }
        }
    }
}
