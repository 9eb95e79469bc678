using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.MatMul;
using static EdgeDL.Kernels.Emit.X64Register;

namespace EdgeDL.Kernels.Tests.Emit;

/// <summary>Every form of the tables with registers of every kind of number, as objdump reads it.
/// </summary>
public sealed class X64EncodingTests
{
    static readonly int[] displacements = [0, 4, 64, -64, 127, -128, 128, 8128, -8192, 8192];

    readonly X64Assembler a = new();
    readonly List<string> expected = [];

    [Fact]
    public void Vectors_in_registers()
    {
        foreach (var form in EvexForm.All)
        {
            bool isLoad = form.Sources == 1;
            if (isLoad)
            {
                continue;
            }
            for (int i = 0; i < 32; i++)
            {
                int first = (i + 9) % 32, second = (i + 21) % 32;
                a.Vector(form, i, first, second);
                expected.Add($"{form.Mnemonic} zmm{i},zmm{first},zmm{second}");
            }
        }
        Check();
    }

    [Fact]
    public void Vectors_and_memory()
    {
        foreach (var form in EvexForm.All)
        {
            int register = 0;
            foreach (var memory in Memories())
            {
                register = (register + 5) % 32;
                string size = form.MemoryBytes == 4 ? "DWORD PTR " : "ZMMWORD PTR ";
                string text = size + Text(memory);
                if (form.Sources == 2)
                {
                    a.Vector(form, register, 31 - register, memory);
                    expected.Add($"{form.Mnemonic} zmm{register},zmm{31 - register},{text}");
                    continue;
                }
                a.Vector(form, register, memory);
                expected.Add(
                    form == EvexForm.Store
                    ? $"{form.Mnemonic} {text},zmm{register}"
                    : $"{form.Mnemonic} zmm{register},{text}");
            }
        }
        Check();
    }

    [Fact]
    public void Integers_in_registers()
    {
        foreach (var form in X64Form.All)
        {
            for (int i = 0; i < 16 && form != X64Form.Address; i++)
            {
                var (to, from) = ((X64Register)i, (X64Register)(15 - i));
                a.Integer(form, to, from);
                // A store's register is its source.
                expected.Add(
                    form == X64Form.Store
                    ? $"{form.Mnemonic} {Name(from, form.IsWide)},{Name(to, form.IsWide)}"
                    : $"{form.Mnemonic} {Name(to, form.IsWide)},{Name(from, form.IsWide)}");
            }
        }
        Check();
    }

    [Fact]
    public void Integers_and_memory()
    {
        foreach (var form in X64Form.All)
        {
            int i = 0;
            foreach (var memory in Memories())
            {
                var register = (X64Register)(i++ % 16);
                a.Integer(form, register, memory);
                string size = form == X64Form.Address ? ""
                    : form.IsWide ? "QWORD PTR " : "DWORD PTR ";
                string text = size + Text(memory);
                string name = Name(register, form.IsWide);
                expected.Add(
                    form == X64Form.Store
                    ? $"{form.Mnemonic} {text},{name}"
                    : $"{form.Mnemonic} {name},{text}");
            }
        }
        Check();
    }

    [Fact]
    public void Forms_of_their_own()
    {
        for (int i = 0; i < 16; i++)
        {
            var register = (X64Register)i;
            string name = Name(register, true);
            a.Push(register);
            expected.Add($"push {name}");
            a.Pop(register);
            expected.Add($"pop {name}");
            a.Add(register, 0x1234);
            expected.Add($"add {name},0x1234");
            a.Add(register, -32);
            expected.Add($"add {name},0xffffffffffffffe0");
            a.ShiftLeft(register, 3);
            expected.Add($"shl {name},0x3");
        }
        a.GetExtendedControl();
        expected.Add("xgetbv");
        a.Return();
        expected.Add("vzeroupper");
        expected.Add("ret");
        Check();
    }

    [Fact]
    public void Jumps_and_padding()
    {
        (X64Condition Condition, string Name)[] conditions =
        [
            (X64Condition.Below, "jb"), (X64Condition.Equal, "je"), (X64Condition.NotEqual, "jne"),
            (X64Condition.Less, "jl"), (X64Condition.GreaterOrEqual, "jge"),
            (X64Condition.Greater, "jg"),
        ];
        foreach (var (condition, name) in conditions)
        {
            int top = a.Code.Position;
            int jump = a.JumpForward(condition);
            a.Jump(condition, top);
            a.Land(jump);
            expected.Add($"{name} 0x{a.Code.Position:x}");
            expected.Add($"{name} 0x{top:x}");
        }
        a.Jump(3);
        expected.Add("jmp 0x3");
        int before = a.Code.Position;
        a.Align(32);
        int pad = a.Code.Position - before;
        expected.AddRange(
            Enumerable.Repeat("nop DWORD PTR [rax+rax*1+0x0]", pad / 8));
        expected.AddRange(Enumerable.Repeat("nop", pad % 8));
        Check();
    }

    /// <summary>Not one byte that reads as nothing, no other vector instruction than the tables'.
    /// </summary>
    [Fact]
    public void Whole_kernels_hold_what_was_meant()
    {
        GemmS8X64Code.WriteAll(a);
        string[] lines = Objdump.X64(a.Code.Bytes);
        Assert.DoesNotContain(lines, line => line.Contains("(bad)"));
        const int LineDots = 2 * 4 + 2;
        Assert.Equal(24 + 12 + LineDots, lines.Count(l => l.StartsWith("vpdpbusd")));
    }

    static IEnumerable<X64Memory> Memories()
    {
        for (int i = 0; i < 16; i++)
        {
            foreach (int displacement in displacements)
            {
                yield return new X64Memory((X64Register)i, displacement);
                if (i != (int)Rsp)
                {
                    yield return new X64Memory(
                        (X64Register)(15 - i), (X64Register)i, displacement);
                }
            }
        }
    }

    static string Text(X64Memory m)
    {
        string index = m.Index == None ? "" : $"+{Name(m.Index, true)}*1";
        string sign = m.Displacement < 0 ? "-" : "+";
        // A base of RBP or R13 always has a displacement.
        string rest = m.Displacement == 0 && m.Base is not (Rbp or R13)
            ? ""
            : $"{sign}0x{Math.Abs(m.Displacement):x}";
        return $"[{Name(m.Base, true)}{index}{rest}]";
    }

    static string Name(X64Register register, bool isWide)
    {
        string name = register.ToString().ToLowerInvariant();
        return isWide ? name : (int)register < 8 ? "e" + name[1..] : name + "d";
    }

    void Check()
    {
        Assert.Equal(expected, Objdump.X64(a.Code.Bytes));
    }
}
