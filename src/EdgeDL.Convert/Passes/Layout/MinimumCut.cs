namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// The cheapest split of a network in two, by augmenting paths (Dinic, 1970). A capacity from u
/// to w is paid if u ends up on the source's side and w on the sink's.
/// </summary>
sealed class MinimumCut
{
    public const long Infinite = long.MaxValue / 4;
    public const int Source = 0;
    public const int Sink = 1;

    readonly List<List<int>> edgesOf = [[], []];
    readonly List<(int To, long Left)> edges = [];
    int[] level = [];
    int[] next = [];

    /// <summary>What it costs if everything but the source is on the sink's side.</summary>
    public long CostOfNothing { get; private set; }

    public int AddVertex()
    {
        edgesOf.Add([]);
        return edgesOf.Count - 1;
    }

    public void Add(int from, int to, long capacity)
    {
        if (capacity == 0)
        {
            return;
        }

        CostOfNothing += from == Source ? capacity : 0;
        edgesOf[from].Add(edges.Count);
        edges.Add((to, capacity));
        edgesOf[to].Add(edges.Count);
        edges.Add((from, 0));
    }

    /// <summary>The cost of the cheapest split.</summary>
    public long Solve()
    {
        long flow = 0;
        level = new int[edgesOf.Count];
        while (FindLevels())
        {
            next = new int[edgesOf.Count];
            flow += Blocking();
        }

        return flow;
    }

    /// <summary>After <see cref="Solve"/>: the side of a vertex in the smallest such
    /// split.</summary>
    public bool IsOnSourceSide(int vertex) => level[vertex] >= 0;

    bool FindLevels()
    {
        Array.Fill(level, -1);
        level[Source] = 0;
        var queue = new Queue<int>();
        queue.Enqueue(Source);
        while (queue.TryDequeue(out int u))
        {
            foreach (int e in edgesOf[u])
            {
                (int to, long left) = edges[e];
                if (left > 0 && level[to] < 0)
                {
                    level[to] = level[u] + 1;
                    queue.Enqueue(to);
                }
            }
        }

        return level[Sink] >= 0;
    }

    // Paths along rising levels, one after the other, without recursion: they may be long.
    long Blocking()
    {
        long flow = 0;
        var path = new List<int>();
        int u = Source;
        while (true)
        {
            if (u == Sink)
            {
                long least = path.Min(e => edges[e].Left);
                foreach (int e in path)
                {
                    edges[e] = (edges[e].To, edges[e].Left - least);
                    edges[e ^ 1] = (edges[e ^ 1].To, edges[e ^ 1].Left + least);
                }

                flow += least;
                path.Clear();
                u = Source;
            }
            else if (next[u] < edgesOf[u].Count)
            {
                int e = edgesOf[u][next[u]];
                if (edges[e].Left > 0 && level[edges[e].To] == level[u] + 1)
                {
                    path.Add(e);
                    u = edges[e].To;
                }
                else
                {
                    next[u]++;
                }
            }
            else if (path.Count == 0)
            {
                return flow;
            }
            else
            {
                u = edges[path[^1] ^ 1].To;
                path.RemoveAt(path.Count - 1);
                next[u]++;
            }
        }
    }
}
