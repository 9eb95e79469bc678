using EdgeDL.Bench.Timing;
using EdgeDL.Kernels.Conv;

namespace EdgeDL.Bench.Micro;

/// <summary>One row of a kernel family on one shape, ready to run.</summary>
sealed class KernelRun(string row, Action run) : IContender
{
    public string Row => row;

    public void Fill()
    {
    }

    public void Run() => run();
}

/// <summary>A shape that kernels are timed on.</summary>
/// <param name="Name">Of the layer, or of the product.</param>
/// <param name="Shape">Its numbers.</param>
sealed record LayerShape(string Name, ConvShape Shape)
{
    public long Macs => (long)Shape.Rows * Shape.OutChannels * Shape.Depth;
}

/// <summary>A family's rows, in the order in which dispatch takes them.</summary>
/// <param name="Family">What they compute.</param>
/// <param name="IsFloat">fp32 or int8.</param>
/// <param name="Shapes">What they are timed on.</param>
/// <param name="Runs">The rows that this processor runs, on one shape.</param>
sealed record KernelFamily(
    string Family, bool IsFloat, LayerShape[] Shapes,
    Func<ConvShape, NativeBlocks, IEnumerable<KernelRun>> Runs);
