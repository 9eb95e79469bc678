using EdgeDL.Kernels.Detect;

namespace EdgeDL.Kernels.Tests.Detect;

public sealed class CandidateHeapTests
{
    [Fact]
    public void Takes_by_falling_score_then_by_index()
    {
        var random = new Random(3);
        for (int n = 0; n <= 70; n++)
        {
            Candidate[] all = [.. Enumerable.Range(0, n)
                .Select(i => new Candidate(random.Next(9), i, 0))];
            Candidate[] order = [.. all.OrderByDescending(c => c.Score).ThenBy(c => c.Index)];
            random.Shuffle(all);
            var heap = new CandidateHeap(new Candidate[n]);
            foreach (Candidate c in all)
            {
                heap.Add(c);
            }

            foreach (Candidate expected in order)
            {
                Assert.Equal(expected, heap.Take());
            }

            Assert.Equal(0, heap.Count);
        }
    }

    [Fact]
    public void Overlap_of_boxes()
    {
        var a = new Box(0, 0, 2, 2);
        Assert.Equal(1, Box.IntersectionOverUnion(a, a));
        Assert.Equal(1 / 7f, Box.IntersectionOverUnion(a, new Box(1, 1, 3, 3)));
        Assert.Equal(0, Box.IntersectionOverUnion(a, new Box(2, 2, 3, 3)));
        Assert.Equal(0, Box.IntersectionOverUnion(a, new Box(1, 1, 1, 1)));
    }
}
