using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Kernels.Tests.Emit;

/// <summary>Every form of the table as objdump reads it.</summary>
public sealed class A64EncodingTests
{
    readonly A64Assembler a = new();
    readonly List<string> expected = [];

    [Fact]
    public void Every_form()
    {
        foreach (int i in new[] { 0, 1, 7, 8, 16, 29, 30 })
        {
            int j = (i + 11) % 31, k = (i + 23) % 31;
            Three(A64Form.MatrixBytes, i, j, k, $"smmla v{i}.4s, v{j}.16b, v{k}.16b");
            Three(A64Form.AddLanes, i, j, k, $"add v{i}.4s, v{j}.4s, v{k}.4s");
            Three(A64Form.LowHalves, i, j, k, $"zip1 v{i}.2d, v{j}.2d, v{k}.2d");
            Three(A64Form.HighHalves, i, j, k, $"zip2 v{i}.2d, v{j}.2d, v{k}.2d");
            Three(A64Form.Interleave, i, j, k, $"zip1 v{i}.4s, v{j}.4s, v{k}.4s");
            Three(A64Form.Add, i, j, k, $"add x{i}, x{j}, x{k}");
            Three(A64Form.AddEights, i, j, k, $"add x{i}, x{j}, x{k}, lsl #3");
            Three(A64Form.LoadQAt, i, j, k, $"ldr q{i}, [x{j}, x{k}]");
            Three(A64Form.LoadDAt, i, j, k, $"ldr d{i}, [x{j}, x{k}]");
            a.Compare(i, j);
            expected.Add($"cmp x{i}, x{j}");
            a.Emit(A64Form.RepeatLow, i, j);
            expected.Add($"dup v{i}.2d, v{j}.d[0]");
            a.Emit(A64Form.RepeatHigh, i, j);
            expected.Add($"dup v{i}.2d, v{j}.d[1]");
            Offset(A64Form.LoadQ, i, j, 1024, $"ldr q{i}, [x{j}, #1024]");
            Offset(A64Form.LoadD, i, j, 1024, $"ldr d{i}, [x{j}, #1024]");
            Offset(A64Form.StoreQ, i, j, 16, $"str q{i}, [x{j}, #16]");
            Offset(A64Form.LoadX, i, j, 0, $"ldr x{i}, [x{j}]");
            Offset(A64Form.LoadX, i, j, 48, $"ldr x{i}, [x{j}, #48]");
            Offset(A64Form.LoadW, i, j, 20, $"ldr w{i}, [x{j}, #20]");
            Offset(A64Form.AddValue, i, j, 4095, $"add x{i}, x{j}, #0xfff");
            Pair(A64Form.PushPair, i, j, -32, $"stp d{i}, d{j}, [sp, #-32]!");
            Pair(A64Form.StorePair, i, j, 16, $"stp d{i}, d{j}, [sp, #16]");
            Pair(A64Form.LoadPair, i, j, 16, $"ldp d{i}, d{j}, [sp, #16]");
            Pair(A64Form.PopPair, i, j, 32, $"ldp d{i}, d{j}, [sp], #32");
            a.Emit(A64Form.CleanData, i);
            expected.Add($"dc cvau, x{i}");
            a.Emit(A64Form.ForgetCode, i);
            expected.Add($"ic ivau, x{i}");
        }
        a.Emit(A64Form.DataBarrier);
        a.Emit(A64Form.CodeBarrier);
        a.Emit(A64Form.Return);
        expected.AddRange(["dsb ish", "isb", "ret"]);
        Check();
    }

    [Fact]
    public void Branches()
    {
        (A64Condition Condition, string Name)[] conditions =
        [
            (A64Condition.NotEqual, "b.ne"), (A64Condition.Low, "b.cc"),
            (A64Condition.GreaterOrEqual, "b.ge"), (A64Condition.Less, "b.lt"),
            (A64Condition.Greater, "b.gt"),
        ];
        foreach (var (condition, name) in conditions)
        {
            int top = a.Code.Position;
            int jump = a.JumpForward(condition);
            a.Jump(condition, top);
            a.Jump(top);
            a.Land(jump);
            expected.AddRange(
                [$"{name} 0x{a.Code.Position:x}", $"{name} 0x{top:x}", $"b 0x{top:x}"]);
        }
        Check();
    }

    [Fact]
    public void Whole_kernels_hold_what_was_meant()
    {
        GemmS8A64Code.WriteTile(a, 4);
        GemmS8A64Code.WriteTile(a, 2);
        string[] lines = Objdump.A64(a.Code.Bytes);
        Assert.DoesNotContain(lines, line => line.Contains(".inst"));
        Assert.Equal(3 * 16 + 3 * 8, lines.Count(l => l.StartsWith("smmla")));
        string[] flush = Objdump.A64(CodeMemory.CacheFlush().Bytes);
        Assert.Equal(13, flush.Length);
    }

    void Three(A64Form form, int i, int j, int k, string text)
    {
        a.Emit(form, i, j, k);
        expected.Add(text);
    }

    void Offset(A64Form form, int i, int j, int bytes, string text)
    {
        a.EmitOffset(form, i, j, bytes);
        expected.Add(text);
    }

    void Pair(A64Form form, int i, int j, int bytes, string text)
    {
        a.EmitPair(form, i, j, A64Assembler.StackPointer, bytes);
        expected.Add(text);
    }

    void Check()
    {
        Assert.Equal(expected, Objdump.A64(a.Code.Bytes));
    }
}
