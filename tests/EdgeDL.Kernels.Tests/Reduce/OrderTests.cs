using EdgeDL.Kernels.Reduce;

namespace EdgeDL.Kernels.Tests.Reduce;

/// <summary>Ties and NaN in arg and top-k reductions.</summary>
public sealed class OrderTests
{
    [Fact]
    public void The_first_of_equals_is_chosen()
    {
        var y = new int[1];
        ArgReduction.Largest<float, int>([1, 3, 3, 2], y, 1, 4, 1);
        Assert.Equal(1, y[0]);
        ArgReduction.Smallest<sbyte, int>([4, -128, -128], y, 1, 3, 1);
        Assert.Equal(1, y[0]);
    }

    [Fact]
    public void NaN_is_chosen_only_where_it_stands_first()
    {
        var y = new int[1];
        ArgReduction.Largest<float, int>([1, float.NaN, 3], y, 1, 3, 1);
        Assert.Equal(2, y[0]);
        ArgReduction.Largest<float, int>([float.NaN, 1, 3], y, 1, 3, 1);
        Assert.Equal(0, y[0]);
    }

    [Fact]
    public void TopK_keeps_equals_in_order_and_puts_NaN_last()
    {
        var values = new float[5];
        var indices = new int[5];
        TopK.Run<float, TopK.Largest<float>>(
            [2, float.NaN, 5, 2, 5], values, indices, 1, 5, 5);
        Assert.Equal([5f, 5f, 2f, 2f, float.NaN], values);
        Assert.Equal([2, 4, 0, 3, 1], indices);
    }
}
