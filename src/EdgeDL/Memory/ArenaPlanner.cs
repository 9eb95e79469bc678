namespace EdgeDL.Memory;

/// <summary>Bytes that are needed from step <paramref name="First"/> to step
/// <paramref name="Last"/>, both included.</summary>
public readonly record struct ArenaRequest(long Bytes, int First, int Last);

/// <summary>
/// Places blocks with lifetimes into as few bytes as possible: offline two-dimensional strip
/// packing. Greedy by size (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
/// Inference", 2020, section 5.2), then a seeded search over placement orders until the lower
/// bound is met or the tries are spent. The same requests give the same plan on every machine.
/// </summary>
public static class ArenaPlanner
{
    const int Tries = 2000;

    /// <summary>
    /// Sets an offset for every request, multiples of <see cref="Arena.Alignment"/>, so that no
    /// two that live at the same step overlap. Returns the bytes that all of them span.
    /// </summary>
    public static long Place(ReadOnlySpan<ArenaRequest> requests, Span<long> offsets)
    {
        ArenaRequest[] all = requests.ToArray();
        long bound = LowerBound(all);
        int[] best = Order(all, (a, b) => Compare(all, a, b, bySize: true));
        long bestBytes = PlaceInOrder(all, best, offsets);
        if (bestBytes == bound)
        {
            return bestBytes;
        }

        long[] trial = new long[all.Length];
        Try(Order(all, (a, b) => Compare(all, a, b, bySize: false)), offsets);
        Try(Order(all, (a, b) => all[a].First.CompareTo(all[b].First)), offsets);

        // Large graphs get fewer tries: a try costs the square of the requests.
        long tries = Math.Clamp(200_000_000L / (((long)all.Length * all.Length) + 1), 2, Tries);
        uint random = 0x9E3779B9;
        for (long i = 0; i < tries && bestBytes > bound; i++)
        {
            int[] order = (int[])best.Clone();
            int swaps = 1 + (int)(Next(ref random) % 3);
            for (int s = 0; s < swaps; s++)
            {
                int a = (int)(Next(ref random) % (uint)order.Length);
                int b = (int)(Next(ref random) % (uint)order.Length);
                (order[a], order[b]) = (order[b], order[a]);
            }

            Try(order, offsets);
        }

        return bestBytes;

        void Try(int[] order, Span<long> into)
        {
            long bytes = PlaceInOrder(all, order, trial);
            if (bytes <= bestBytes)
            {
                bestBytes = bytes;
                best = order;
                trial.CopyTo(into);
            }
        }
    }

    /// <summary>No plan can do with less: the most bytes that live at one step.</summary>
    public static long LowerBound(ReadOnlySpan<ArenaRequest> requests)
    {
        ArenaRequest[] starts = requests.ToArray();
        ArenaRequest[] ends = requests.ToArray();
        Array.Sort(starts, (a, b) => a.First.CompareTo(b.First));
        Array.Sort(ends, (a, b) => a.Last.CompareTo(b.Last));
        long live = 0;
        long bound = 0;
        int ended = 0;
        foreach (ArenaRequest start in starts)
        {
            while (ends[ended].Last < start.First)
            {
                live -= Arena.Align(ends[ended++].Bytes);
            }

            live += Arena.Align(start.Bytes);
            bound = Math.Max(bound, live);
        }

        return bound;
    }

    /// <summary>True if no two requests that live at the same step share a byte.</summary>
    public static bool IsDisjoint(ReadOnlySpan<ArenaRequest> requests, ReadOnlySpan<long> offsets)
    {
        // A sweep over time. What lives at one step is disjoint, so a newcomer can only meet its
        // two neighbours: n log n, whatever a hostile file asks for.
        ArenaRequest[] all = requests.ToArray();
        long[] at = offsets.ToArray();
        var live = new SortedSet<(long Offset, int Number)>();
        var ends = new PriorityQueue<int, int>();
        foreach (int i in Order(all, (a, b) => all[a].First.CompareTo(all[b].First)))
        {
            if (all[i].Bytes == 0)
            {
                continue;
            }

            while (ends.TryPeek(out int ended, out int last) && last < all[i].First)
            {
                live.Remove((at[ended], ended + 1));
                ends.Dequeue();
            }

            // Numbers from 1, because the extremes of an empty set are zeros.
            (_, int below) = live.GetViewBetween((long.MinValue, 0), (at[i], int.MaxValue)).Max;
            (_, int above) = live.GetViewBetween((at[i], 0), (long.MaxValue, 0)).Min;
            if ((below > 0 && at[below - 1] + all[below - 1].Bytes > at[i])
                || (above > 0 && at[i] + all[i].Bytes > at[above - 1]))
            {
                return false;
            }

            live.Add((at[i], i + 1));
            ends.Enqueue(i, all[i].Last);
        }

        return true;
    }

    static long PlaceInOrder(ArenaRequest[] requests, int[] order, Span<long> offsets)
    {
        // Placed requests sorted by offset, so that one sweep finds the lowest gap that fits.
        int[] placed = new int[order.Length];
        int count = 0;
        long peak = 0;
        foreach (int index in order)
        {
            long bytes = Arena.Align(requests[index].Bytes);
            long offset = 0;
            for (int i = 0; i < count; i++)
            {
                int other = placed[i];
                if (!Together(requests[index], requests[other]))
                {
                    continue;
                }

                if (offset + bytes <= offsets[other])
                {
                    break;
                }

                offset = Math.Max(offset, offsets[other] + Arena.Align(requests[other].Bytes));
            }

            offsets[index] = offset;
            int at = count++;
            for (; at > 0 && offsets[placed[at - 1]] > offset; at--)
            {
                placed[at] = placed[at - 1];
            }

            placed[at] = index;
            peak = Math.Max(peak, offset + bytes);
        }

        return peak;
    }

    static bool Together(in ArenaRequest a, in ArenaRequest b) =>
        a.First <= b.Last && b.First <= a.Last;

    static int[] Order(ArenaRequest[] requests, Comparison<int> comparison)
    {
        int[] order = Enumerable.Range(0, requests.Length).ToArray();
        Array.Sort(order, (a, b) => comparison(a, b) is var c and not 0 ? c : a.CompareTo(b));
        return order;
    }

    static int Compare(ArenaRequest[] requests, int a, int b, bool bySize) => bySize
        ? requests[b].Bytes.CompareTo(requests[a].Bytes)
        : (requests[b].Last - requests[b].First).CompareTo(requests[a].Last - requests[a].First);

    static uint Next(ref uint state)
    {
        // xorshift32, Marsaglia 2003.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state;
    }
}
