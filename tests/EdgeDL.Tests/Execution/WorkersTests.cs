using EdgeDL.Execution;

namespace EdgeDL.Tests.Execution;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_part_runs_once_and_a_run_allocates_nothing(int count)
    {
        using var workers = new Workers(count);
        var work = new Counting(100);
        workers.Run(work, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            workers.Run(work, 100);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(work.Times, n => Assert.Equal(1001, n));
    }

    [Fact]
    public void A_part_that_throws_reaches_the_caller_and_the_team_goes_on()
    {
        using var workers = new Workers(2);
        Assert.Throws<InvalidOperationException>(() => workers.Run(new Throwing(), 10));
        var work = new Counting(10);
        workers.Run(work, 10);
        Assert.All(work.Times, n => Assert.Equal(1, n));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Rounds_in_quick_succession_never_mix(int count)
    {
        using var workers = new Workers(count);
        Counting[] works = [new(1), new(2), new(3), new(64), new(7)];
        for (int round = 0; round < 20_000; round++)
        {
            Counting work = works[round % works.Length];
            workers.Run(work, work.Times.Length);
            // All parts have ended, in this round and no later.
            Assert.All(work.Times, n => Assert.Equal(round / works.Length + 1, n));
            if (round % 4000 == 0)
            {
                // The others fall asleep.
                Thread.Sleep(5);
            }
        }
    }

    [Fact]
    public void More_parts_than_a_round_holds_are_refused()
    {
        using var workers = new Workers(2);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => workers.Run(new Counting(1), Workers.MaxParts + 1));
    }

    sealed class Counting(int parts) : IParallelWork
    {
        public int[] Times { get; } = new int[parts];

        public void Execute(int index, int worker) => Interlocked.Increment(ref Times[index]);
    }

    sealed class Throwing : IParallelWork
    {
        public void Execute(int index, int worker)
        {
            if (index == 5)
            {
                throw new InvalidOperationException("part 5");
            }
        }
    }
}
