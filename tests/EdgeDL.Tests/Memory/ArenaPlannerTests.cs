using EdgeDL.Memory;

namespace EdgeDL.Tests.Memory;

public sealed class ArenaPlannerTests
{
    [Fact]
    public void Places_overlapping_lifetimes_apart_and_reuses_the_rest()
    {
        ArenaRequest[] requests = [new(100, 0, 1), new(64, 1, 2), new(100, 2, 3)];
        long[] offsets = new long[3];
        Assert.Equal(192, ArenaPlanner.Place(requests, offsets));
        Assert.True(ArenaPlanner.IsDisjoint(requests, offsets));
    }

    [Fact]
    public void Finds_the_lower_bound_where_greedy_by_size_does_not()
    {
        // Greedy by size alone needs more than the bound on some of these.
        var random = new Random(7);
        int met = 0;
        for (int t = 0; t < 50; t++)
        {
            ArenaRequest[] requests = new ArenaRequest[12];
            for (int i = 0; i < requests.Length; i++)
            {
                int first = random.Next(10);
                requests[i] = new ArenaRequest(
                    64 * random.Next(1, 40), first, first + random.Next(4));
            }

            long[] offsets = new long[requests.Length];
            long bytes = ArenaPlanner.Place(requests, offsets);
            Assert.True(ArenaPlanner.IsDisjoint(requests, offsets));
            for (int i = 0; i < requests.Length; i++)
            {
                Assert.True(offsets[i] % Arena.Alignment == 0);
                Assert.True(offsets[i] + requests[i].Bytes <= bytes);
            }

            long bound = ArenaPlanner.LowerBound(requests);
            Assert.True(bytes >= bound);
            met += bytes == bound ? 1 : 0;
        }

        Assert.True(met >= 45, $"{met} of 50 plans meet the lower bound");
    }

    [Fact]
    public void Sweeps_agree_with_looking_at_every_pair()
    {
        var random = new Random(3);
        for (int t = 0; t < 400; t++)
        {
            var requests = new ArenaRequest[random.Next(1, 9)];
            var offsets = new long[requests.Length];
            for (int i = 0; i < requests.Length; i++)
            {
                int first = random.Next(6);
                requests[i] = new ArenaRequest(random.Next(130), first, first + random.Next(3));
                offsets[i] = 64 * random.Next(12);
            }

            Assert.Equal(AllDisjoint(requests, offsets),
                ArenaPlanner.IsDisjoint(requests, offsets));
            long most = requests.Max(at => requests.Where(r => r.First <= at.First)
                .Where(r => at.First <= r.Last).Sum(r => Arena.Align(r.Bytes)));
            Assert.Equal(most, ArenaPlanner.LowerBound(requests));
        }
    }

    static bool AllDisjoint(ArenaRequest[] r, long[] at)
    {
        for (int i = 0; i < r.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool together = r[i].First <= r[j].Last && r[j].First <= r[i].Last;
                bool empty = r[i].Bytes == 0 || r[j].Bytes == 0;
                if (together && !empty && at[i] < at[j] + r[j].Bytes && at[j] < at[i] + r[i].Bytes)
                {
                    return false;
                }
            }
        }

        return true;
    }

    [Fact]
    public void IsDisjoint_sees_a_shared_byte()
    {
        ArenaRequest[] requests = [new(65, 0, 1), new(64, 1, 2)];
        Assert.False(ArenaPlanner.IsDisjoint(requests, [0, 64]));
        Assert.True(ArenaPlanner.IsDisjoint(requests, [0, 128]));
    }

    [Fact]
    public unsafe void A_sealed_arena_gives_nothing_and_a_budget_holds()
    {
        using var arena = new Arena(budgetBytes: 1000);
        arena.Take(600);
        Assert.Throws<MemoryBudgetException>(() => { arena.Take(600); });
        arena.Seal();
        Assert.Throws<InvalidOperationException>(() => { arena.Take(1); });
    }
}
