namespace EdgeDL.Devices.Media;

/// <summary>
/// y[i] = Σ_t weights[i][t] · x[first[i] + t]: the source pixels behind each pixel of one axis.
/// </summary>
sealed class ResizeTaps
{
    readonly int[] firsts;
    readonly int[] counts;
    readonly float[] weights;
    readonly int stride;

    public ResizeTaps(int from, int to, ResizeFilter filter)
    {
        // Source pixels a target pixel covers, and how far to its sides the filter looks.
        var step = (double)from / to;
        var reduction = Math.Max(1, step);
        var radius = filter switch
        {
            ResizeFilter.Area => step > 1 ? step / 2 : 1,
            ResizeFilter.Triangle => reduction,
            _ => 1,
        };
        stride = Math.Min(from, (int)Math.Ceiling(2 * radius) + 2);
        firsts = new int[to];
        counts = new int[to];
        weights = new float[to * stride];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * step;
            if (filter == ResizeFilter.Nearest)
            {
                Set(i, Math.Min(from - 1, (int)centre), [1f]);
            }
            else if (filter == ResizeFilter.Area && step > 1)
            {
                Cover(i, centre - radius, centre + radius, from);
            }
            else
            {
                Triangle(i, centre, radius, from);
            }
        }
    }

    public int First(int index) => firsts[index];

    public ReadOnlySpan<float> Weights(int index) =>
        weights.AsSpan(index * stride, counts[index]);

    // Weight = the part of the source pixel between begin and end.
    void Cover(int index, double begin, double end, int from)
    {
        var first = Math.Max(0, (int)begin);
        var last = Math.Min(from, (int)Math.Ceiling(end));
        Span<float> row = weights.AsSpan(index * stride, Math.Min(stride, last - first));
        for (var t = 0; t < row.Length; t++)
        {
            row[t] = (float)(Math.Min(end, first + t + 1) - Math.Max(begin, first + t));
        }

        Set(index, first, row);
    }

    // Weight falls linearly from the centre to nothing at the radius; what lies outside the
    // picture counts for the pixel at its edge.
    void Triangle(int index, double centre, double radius, int from)
    {
        var begin = (int)Math.Floor(centre - radius);
        var end = (int)Math.Ceiling(centre + radius);
        var first = Math.Clamp(begin, 0, from - 1);
        var last = Math.Clamp(end, first + 1, from);
        var row = weights.AsSpan(index * stride, Math.Min(stride, last - first));
        for (var source = begin; source < end; source++)
        {
            var weight = 1 - (Math.Abs(source + 0.5 - centre) / radius);
            var t = Math.Clamp(source - first, 0, row.Length - 1);
            row[t] += (float)Math.Max(0, weight);
        }

        Set(index, first, row);
    }

    void Set(int index, int first, ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values)
        {
            sum += value;
        }

        firsts[index] = first;
        counts[index] = values.Length;
        for (var t = 0; t < values.Length; t++)
        {
            weights[(index * stride) + t] = values[t] / sum;
        }
    }
}
