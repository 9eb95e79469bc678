using System.Runtime.InteropServices;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.Tests.Conv;
using static EdgeDL.Kernels.Emit.X64Register;

namespace EdgeDL.Kernels.Tests.Emit;

public sealed unsafe partial class CodeMemoryTests
{
    const int GetDenyWriteExecute = 66;

    // A process that gave the right away (prctl PR_SET_MDWE) is refused; −1 of kernels and
    // emulators that do not know the question is no.
    static bool IsDenied => Control(GetDenyWriteExecute, 0, 0, 0, 0) > 0;

    [Fact]
    public void Code_runs_or_the_kernel_refuses()
    {
        nint at = CodeMemory.Load(Sum(), new SystemCodePages());
        Assert.Equal(IsDenied, at == 0);
        Assert.Equal(!IsDenied, EmittedCode.IsMemoryGranted);
        if (at != 0)
        {
            Assert.Equal(5050, Call(at, 100));
        }
    }

    [Fact]
    public void Memory_is_executable_and_not_writable()
    {
        nint at = CodeMemory.Load(Sum(), new SystemCodePages());
        if (at != 0)
        {
            Assert.StartsWith("r-x", Rights(at));
        }
    }

    [Fact]
    public void What_can_not_be_mapped_is_refused()
    {
        var pages = new Refusing(mapsToo: true);
        Assert.Equal(0, CodeMemory.Load(Sum(), pages));
        Assert.False(CodeMemory.IsGranted(pages));
        Assert.Equal(0, pages.Mapped);
    }

    [Fact]
    public void What_can_not_be_executed_is_refused_and_given_back()
    {
        var pages = new Refusing(mapsToo: false);
        Assert.Equal(0, CodeMemory.Load(Sum(), pages));
        Assert.False(CodeMemory.IsGranted(pages));
        Assert.Equal(0, pages.Mapped);
    }

    /// <summary>The next row serves where emitted ones are turned off, refused or unknown to the
    /// processor.</summary>
    [Fact]
    public void Without_emitted_code_another_row_serves()
    {
        string best = ConvS8.Best().Name;
        bool isEmitted = best is "X86Vnni" or "ArmI8mm";
        Assert.True(!isEmitted || EmittedCode.State == EmitState.Ready);
        Assert.False(isEmitted && (EmittedCode.IsTurnedOff || IsDenied));
    }

    /// <summary>Collections that move everything, while threads are inside emitted code that the
    /// runtime does not know.</summary>
    [Fact]
    public void Compacting_collections_disturb_nothing()
    {
        nint at = CodeMemory.Load(Sum(), new SystemCodePages());
        if (at == 0)
        {
            return;
        }
        bool stop = false;
        var collector = new Thread(() =>
        {
            List<byte[]> kept = [];
            for (int n = 0; !Volatile.Read(ref stop); n++)
            {
                kept.AddRange(Enumerable.Range(0, 100).Select(_ => new byte[1000]));
                if (kept.Count > 3000)
                {
                    kept.Clear();
                }
                GC.Collect(n % 3, GCCollectionMode.Forced, blocking: true, compacting: n % 2 == 0);
            }
        });
        collector.Start();
        int wrong = 0;
        long collections = GC.CollectionCount(0);
        var test = new ConvS8Tests();
        for (int i = 0; i < 20_000 || GC.CollectionCount(0) - collections < 50; i++)
        {
            byte[] garbage = new byte[1000 + i % 100];
            wrong += Call(at, 1000 + garbage.Length) != Expect(1000 + garbage.Length) ? 1 : 0;
        }
        // The rows of this processor, emitted ones among them.
        foreach (var row in ConvS8.Rows().Where(r => r.IsSupported))
        {
            for (int i = 0; i < 200; i++)
            {
                test.Dynamic_ranges_give_fp32_per_batch(row.Name);
            }
        }
        Volatile.Write(ref stop, true);
        collector.Join();
        Assert.Equal(0, wrong);
    }

    static long Expect(long n) => n * (n + 1) / 2;

    static long Call(nint at, long n) =>
        ((delegate* unmanaged[SuppressGCTransition]<long, long>)at)(n);

    // long sum(n): 1 + 2 + … + n.
    static byte[] Sum()
    {
        if (RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
        {
            var arm = new A64Assembler();
            const int Zero = 31;
            arm.Emit(A64Form.Add, 1, Zero, Zero);
            arm.Emit(A64Form.Add, 2, Zero, Zero);
            int loop = arm.Code.Position;
            arm.EmitOffset(A64Form.AddValue, 2, 2, 1);
            arm.Emit(A64Form.Add, 1, 1, 2);
            arm.Compare(2, 0);
            arm.Jump(A64Condition.NotEqual, loop);
            arm.EmitOffset(A64Form.AddValue, 0, 1, 0);
            arm.Emit(A64Form.Return);
            return [.. arm.Code.Bytes];
        }
        var a = new X64Assembler();
        a.Integer(X64Form.Xor32, Rax, Rax);
        int top = a.Code.Position;
        a.Integer(X64Form.Add, Rax, Rdi);
        a.Add(Rdi, -1);
        a.Jump(X64Condition.NotEqual, top);
        // Without vectors there is nothing to clear, and a processor without AVX could not.
        a.Code.Byte(0xC3);
        return [.. a.Code.Bytes];
    }

    static string Rights(nint at)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] range = line.Split(' ')[0].Split('-');
            if (System.Convert.ToInt64(range[0], 16) <= at
                && at < System.Convert.ToInt64(range[1], 16))
            {
                return line.Split(' ')[1];
            }
        }
        return "";
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int what, nuint a, nuint b, nuint c, nuint d);

    sealed class Refusing(bool mapsToo) : ICodePages
    {
        readonly SystemCodePages system = new();

        public int Mapped { get; private set; }

        public nint Map(nuint bytes)
        {
            Mapped += mapsToo ? 0 : 1;
            return mapsToo ? 0 : system.Map(bytes);
        }

        public bool MakeExecutable(nint address, nuint bytes) => false;

        public void Unmap(nint address, nuint bytes)
        {
            Mapped--;
            system.Unmap(address, bytes);
        }
    }
}
