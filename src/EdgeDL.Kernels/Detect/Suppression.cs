namespace EdgeDL.Kernels.Detect;

/// <summary>Greedy non-maximum suppression of boxes by falling score.</summary>
public static class Suppression
{
    /// <summary>
    /// Hard suppression: boxes with score ≥ minScore, highest first, each dropped where its overlap
    /// with a kept one is above maxOverlap. Fills selected and returns how many there are.
    /// </summary>
    /// <param name="boxes">One a score.</param>
    /// <param name="scores">Scores; NaN never counts.</param>
    /// <param name="stride">From one box's score to the next.</param>
    /// <param name="maxOverlap">Intersection over union.</param>
    /// <param name="minScore">Least score.</param>
    /// <param name="memory">Room for as many candidates as boxes.</param>
    /// <param name="selected">Indices of boxes; its length is the most that are kept.</param>
    public static int Hard(
        ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, int stride,
        float maxOverlap, float minScore, Span<Candidate> memory, Span<int> selected)
    {
        var heap = new CandidateHeap(memory);
        for (int i = 0; i < boxes.Length; i++)
        {
            if (scores[i * stride] >= minScore)
            {
                heap.Add(new Candidate(scores[i * stride], i, 0));
            }
        }

        int count = 0;
        while (heap.Count > 0 && count < selected.Length)
        {
            int index = heap.Take().Index;
            bool keep = true;
            for (int k = 0; k < count && keep; k++)
            {
                keep = !(Box.IntersectionOverUnion(boxes[selected[k]], boxes[index]) > maxOverlap);
            }

            if (keep)
            {
                selected[count++] = index;
            }
        }

        return count;
    }

    /// <summary>
    /// Hard suppression at overlap ≥ maxOverlap, and with σ &gt; 0 a decay of scores by
    /// exp(−overlap² / 2σ) for every kept box; a box counts while its score is above minScore.
    /// Corners may come in any order. Fills selected and its scores, zeros behind, and returns how
    /// many there are.
    /// </summary>
    public static int Soft(
        ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores,
        float maxOverlap, float minScore, float sigma,
        Span<Candidate> memory, Span<int> selected, Span<float> selectedScores)
    {
        selected.Clear();
        selectedScores.Clear();
        var heap = new CandidateHeap(memory);
        for (int i = 0; i < boxes.Length; i++)
        {
            if (scores[i] > minScore)
            {
                heap.Add(new Candidate(scores[i], i, 0));
            }
        }

        float decay = sigma > 0 ? -0.5f / sigma : 0;
        int count = 0;
        while (heap.Count > 0 && count < selected.Length)
        {
            Candidate next = heap.Take();
            float score = next.Score;
            if (!Survives(boxes, selected[..count], ref next, maxOverlap, minScore, decay))
            {
                continue;
            }

            if (next.Score == score)
            {
                selected[count] = next.Index;
                selectedScores[count++] = score;
            }
            else if (next.Score > minScore)
            {
                heap.Add(next);
            }
        }

        return count;
    }

    // Newest first; each pair is compared once.
    static bool Survives(
        ReadOnlySpan<Box> boxes, ReadOnlySpan<int> kept, ref Candidate next,
        float maxOverlap, float minScore, float decay)
    {
        Box box = boxes[next.Index].Ordered();
        for (int k = kept.Length - 1; k >= next.Compared; k--)
        {
            float overlap = Box.IntersectionOverUnion(box, boxes[kept[k]].Ordered());
            if (overlap >= maxOverlap)
            {
                return false;
            }

            if (decay != 0)
            {
                next.Score *= MathF.Exp(decay * overlap * overlap);
            }

            if (next.Score <= minScore)
            {
                break;
            }
        }

        next.Compared = kept.Length;
        return true;
    }
}
