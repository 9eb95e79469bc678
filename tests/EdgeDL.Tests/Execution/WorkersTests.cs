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
