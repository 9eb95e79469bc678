namespace EdgeDL.Kernels.Detect;

/// <summary>One detection: a box, a class and its score.</summary>
public readonly record struct Detection(int Box, int Class, float Score);

/// <summary>
/// From boxes and their class scores to detections, as the end of an SSD. Scores are [boxes,
/// stride]; the classes are the last <c>classes</c> of each row (a background may stand before).
/// Equal scores keep the order of boxes, then of classes.
/// </summary>
public readonly ref struct DetectionSelect
{
    public required ReadOnlySpan<Box> Boxes { get; init; }

    public required ReadOnlySpan<float> Scores { get; init; }

    public required int Stride { get; init; }

    public required int Classes { get; init; }

    public required float MaxOverlap { get; init; }

    public required float MinScore { get; init; }

    /// <summary>Room for as many candidates as boxes.</summary>
    public required Span<Candidate> Memory { get; init; }

    int Offset => Stride - Classes;

    /// <summary>
    /// Fast: boxes compete with their best class only; each kept box gives its best classes,
    /// highest first. found has most · classesEach entries; returns the number of boxes kept.
    /// </summary>
    /// <param name="best">Room for one score a box.</param>
    /// <param name="kept">Room for the kept boxes; its length is the most.</param>
    /// <param name="classesEach">At most <see cref="Classes"/>.</param>
    /// <param name="stride">Entries of found from one kept box to the next.</param>
    /// <param name="found">The detections.</param>
    public int Fast(
        Span<float> best, Span<int> kept, int classesEach, int stride, Span<Detection> found)
    {
        for (int i = 0; i < Boxes.Length; i++)
        {
            best[i] = Row(i)[BestClass(Row(i))];
        }

        int count = Suppression.Hard(
            Boxes, best, 1, MaxOverlap, MinScore, Memory, kept);
        for (int k = 0; k < count; k++)
        {
            ReadOnlySpan<float> row = Row(kept[k]);
            float bound = float.PositiveInfinity;
            int after = -1;
            for (int c = 0; c < classesEach; c++)
            {
                after = NextClass(row, bound, after);
                bound = row[after];
                found[k * stride + c] = new Detection(kept[k], after, bound);
            }
        }

        return count;
    }

    /// <summary>
    /// Regular: suppression class by class; the highest scores of all classes stay, at most as many
    /// as found has entries. Returns how many there are.
    /// </summary>
    /// <param name="kept">Room for the kept boxes of one class; its length is their most.</param>
    /// <param name="found">The detections, highest first.</param>
    public int Regular(Span<int> kept, Span<Detection> found)
    {
        int total = 0;
        for (int c = 0; c < Classes; c++)
        {
            int count = Suppression.Hard(
                Boxes, Scores[(Offset + c)..], Stride, MaxOverlap, MinScore, Memory, kept);
            for (int k = 0; k < count; k++)
            {
                var item = new Detection(kept[k], c, Row(kept[k])[c]);
                total = Insert(found, total, item);
            }
        }

        return total;
    }

    // Behind everything that scores as much: earlier ones win ties.
    static int Insert(Span<Detection> found, int count, Detection item)
    {
        if (count == found.Length && (count == 0 || !(item.Score > found[count - 1].Score)))
        {
            return count;
        }

        int at = count < found.Length ? count++ : count - 1;
        for (; at > 0 && item.Score > found[at - 1].Score; at--)
        {
            found[at] = found[at - 1];
        }

        found[at] = item;
        return count;
    }

    ReadOnlySpan<float> Row(int box) => Scores.Slice(box * Stride + Offset, Classes);

    static int BestClass(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int c = 1; c < row.Length; c++)
        {
            best = row[c] > row[best] ? c : best;
        }

        return best;
    }

    // The best class behind (bound, after) in the order of falling score, then rising class.
    static int NextClass(ReadOnlySpan<float> row, float bound, int after)
    {
        int best = -1;
        for (int c = 0; c < row.Length; c++)
        {
            bool behind = after < 0 || row[c] < bound || (row[c] == bound && c > after);
            best = behind && (best < 0 || row[c] > row[best]) ? c : best;
        }

        return Math.Max(best, 0);
    }
}
