using EdgeDL.Bench.Compare;

namespace EdgeDL.Cli.Tests;

/// <summary>What `compare --assert` lets pass.</summary>
public sealed class CompareRowTests
{
    static CompareRow Row(string model) => new() { Model = model, DType = "int8", Threads = 1 };

    [Fact]
    public void A_target_without_a_ratio_fails_and_says_why()
    {
        CompareRow row = Row("kws_int8") with { Note = "the library is missing" };
        Assert.Null(row.Holds);
        Assert.Equal(
            "kws_int8 int8 on 1 thread(s): no ratio to hold against its target: "
                + "the library is missing", row.Failure);
        Assert.Contains("a peer was not measured", Row("kws_int8").Failure);
    }

    [Fact]
    public void Without_a_target_only_answers_can_fail()
    {
        Assert.Null(Row("my_own_int8").Failure);
        Assert.Contains(
            "answers differ: 3 steps",
            (Row("my_own_int8") with { Agreement = new(false, "3 steps") }).Failure);
    }
}
