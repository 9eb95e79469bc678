using EdgeDL.Bench.Compare;
using EdgeDL.Graphs;

namespace EdgeDL.Bench.Generated;

/// <summary>Nets of known shapes whose weights are drawn: good for times, not for answers.
/// </summary>
static class GeneratedModels
{
    public static IEnumerable<BenchModel> All() =>
    [
        Float("mobilenet_v1_1.0_224", MobileNets.V1), Int8("mobilenet_v1_1.0_224", MobileNets.V1),
        Float("mobilenet_v2_1.0_224", MobileNets.V2), Int8("mobilenet_v2_1.0_224", MobileNets.V2),
    ];

    static BenchModel Float(string name, Func<Model> make) => new($"{name}_fp32", () =>
    {
        using Model net = make();
        return BenchModel.Packed(net);
    });

    static BenchModel Int8(string name, Func<Model> make) => new($"{name}_int8", () =>
    {
        using Model net = make();
        using Model quantized = Int8Net.Of(net);
        return BenchModel.Packed(quantized);
    });
}
