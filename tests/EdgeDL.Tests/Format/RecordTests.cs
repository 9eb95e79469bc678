using System.Runtime.CompilerServices;
using EdgeDL.Format;
using EdgeDL.Kernels;

namespace EdgeDL.Tests.Format;

/// <summary>The structs are the file format: their sizes may never change by accident.</summary>
public sealed class RecordTests
{
    [Fact]
    public void Records_have_the_sizes_that_the_format_states()
    {
        Assert.Equal(64, Unsafe.SizeOf<FileHeader>());
        Assert.Equal(64, Unsafe.SizeOf<SectionRecord>());
        Assert.Equal(32, Unsafe.SizeOf<GraphSectionHeader>());
        Assert.Equal(32, Unsafe.SizeOf<GraphRecord>());
        Assert.Equal(48, Unsafe.SizeOf<ValueRecord>());
        Assert.Equal(24, Unsafe.SizeOf<NodeRecord>());
        Assert.Equal(32, Unsafe.SizeOf<PreprocessingRecord>());
        Assert.Equal(112, Unsafe.SizeOf<PackedIndexHeader>());
        Assert.Equal(48, Unsafe.SizeOf<PackedRecord>());
        Assert.Equal(16, Unsafe.SizeOf<PackedLayout>());
    }
}
