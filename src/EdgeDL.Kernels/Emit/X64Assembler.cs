namespace EdgeDL.Kernels.Emit;

/// <summary>Writes x86-64 instructions: Intel SDM volume 2, chapter 2, "Instruction Format".
/// </summary>
sealed class X64Assembler
{
    const int Indirect = 4;
    const int DirectMode = 0xC0;

    public CodeBuffer Code { get; } = new();

    public void Integer(X64Form form, X64Register register, X64Register other)
    {
        Rex(form.IsWide, register, X64Register.None, other);
        Code.Byte(form.Opcode);
        Code.Byte(DirectMode | Low(register) << 3 | Low(other));
    }

    public void Integer(X64Form form, X64Register register, X64Memory memory)
    {
        Rex(form.IsWide, register, memory.Index, memory.Base);
        Code.Byte(form.Opcode);
        Operand((int)register, memory, 1);
    }

    /// <summary>"ADD—Add": REX.W + 81 /0 id.</summary>
    public void Add(X64Register register, int value)
    {
        Rex(true, X64Register.Rax, X64Register.None, register);
        Code.Byte(0x81);
        Code.Byte(DirectMode | Low(register));
        Code.Word32((uint)value);
    }

    /// <summary>"SAL/SAR/SHL/SHR—Shift": REX.W + C1 /4 ib.</summary>
    public void ShiftLeft(X64Register register, int count)
    {
        Rex(true, X64Register.Rax, X64Register.None, register);
        Code.Byte(0xC1);
        Code.Byte(DirectMode | 4 << 3 | Low(register));
        Code.Byte(count);
    }

    /// <summary>"PUSH": 50+rd.</summary>
    public void Push(X64Register register) => OneByte(0x50, register);

    /// <summary>"POP": 58+rd.</summary>
    public void Pop(X64Register register) => OneByte(0x58, register);

    /// <summary>Two vector operands in registers.</summary>
    public void Vector(EvexForm form, int destination, int source) =>
        Registers(form, destination, 0, source);

    /// <summary>Three.</summary>
    public void Vector(EvexForm form, int destination, int first, int second) =>
        Registers(form, destination, first, second);

    /// <summary>A vector and memory; of a store, memory is the destination.</summary>
    public void Vector(EvexForm form, int register, X64Memory memory) =>
        Vector(form, register, 0, memory);

    public void Vector(EvexForm form, int destination, int first, X64Memory second)
    {
        int index = second.Index == X64Register.None ? 0 : (int)second.Index;
        Evex(form, destination, first, index >> 3, (int)second.Base >> 3);
        Operand(destination, second, form.MemoryBytes);
    }

    /// <summary>"XGETBV—Get Value of Extended Control Register": NP 0F 01 D0.</summary>
    public void GetExtendedControl()
    {
        Code.Byte(0x0F);
        Code.Byte(0x01);
        Code.Byte(0xD0);
    }

    /// <summary>"VZEROUPPER" (VEX.128.0F.WIG 77), "RET" (C3).</summary>
    public void Return()
    {
        Code.Byte(0xC5);
        Code.Byte(0xF8);
        Code.Byte(0x77);
        Code.Byte(0xC3);
    }

    /// <summary>"NOP—No Operation": 0F 1F 84 with eight bytes, then 90, up to a multiple.</summary>
    public void Align(int bytes)
    {
        while (Code.Position % bytes != 0)
        {
            if (Code.Position % bytes <= bytes - 8)
            {
                Code.Word32(0x00841F0F);
                Code.Word32(0);
            }
            else
            {
                Code.Byte(0x90);
            }
        }
    }

    /// <summary>"Jcc—Jump if Condition Is Met" (0F 80+cc cd), backwards.</summary>
    public void Jump(X64Condition condition, int target)
    {
        int from = JumpForward(condition);
        Code.Patch(from, (uint)(target - from - 4));
    }

    /// <summary>"JMP—Jump" (E9 cd), backwards.</summary>
    public void Jump(int target)
    {
        Code.Byte(0xE9);
        Code.Word32((uint)(target - Code.Position - 4));
    }

    /// <summary>Jumps to where <see cref="Land"/> will be called with what this returns.</summary>
    public int JumpForward(X64Condition condition)
    {
        Code.Byte(0x0F);
        Code.Byte(0x80 | (int)condition);
        Code.Word32(0);
        return Code.Position - 4;
    }

    public void Land(int jump) => Code.Patch(jump, (uint)(Code.Position - jump - 4));

    void OneByte(int opcode, X64Register register)
    {
        if ((int)register >= 8)
        {
            Code.Byte(0x41);
        }
        Code.Byte(opcode | Low(register));
    }

    // Section 2.2.1, "REX Prefixes": 0100WRXB.
    void Rex(bool wide, X64Register register, X64Register index, X64Register at)
    {
        int x = index == X64Register.None ? 0 : (int)index >> 3;
        int rex = (wide ? 8 : 0) | (int)register >> 3 << 2 | x << 1 | (int)at >> 3;
        if (rex != 0)
        {
            Code.Byte(0x40 | rex);
        }
    }

    void Registers(EvexForm form, int destination, int first, int second)
    {
        Evex(form, destination, first, second >> 4, second >> 3 & 1);
        Code.Byte(DirectMode | (destination & 7) << 3 | second & 7);
    }

    // Section 2.7.1, "Instruction Format and EVEX": P0 = R X B R' 0 mmm, P1 = W vvvv 1 pp,
    // P2 = z L'L b V' aaa; R, X, B, R', vvvv and V' inverted. W is 0, L'L is 10: 512 bits.
    void Evex(EvexForm form, int destination, int first, int x, int b)
    {
        Code.Byte(0x62);
        Code.Byte(
            (~destination >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5
            | (~destination >> 4 & 1) << 4 | form.Map);
        Code.Byte((~first & 15) << 3 | 4 | form.Prefix);
        Code.Byte(2 << 5 | (~first >> 4 & 1) << 3);
        Code.Byte(form.Opcode);
    }

    // Section 2.1.5, "Addressing-Mode Encoding of ModR/M and SIB Bytes". unit is what an 8-bit
    // displacement counts.
    void Operand(int register, X64Memory memory, int unit)
    {
        int at = Low(memory.Base);
        bool hasIndex = memory.Index != X64Register.None;
        (int units, int rest) = Math.DivRem(memory.Displacement, unit);
        // Without displacement, base 101 would mean none.
        int mode = memory.Displacement == 0 && at != Low(X64Register.Rbp) ? 0
            : rest == 0 && units is >= -128 and <= 127 ? 1
            : 2;
        bool needsSib = hasIndex || at == Low(X64Register.Rsp);
        Code.Byte(mode << 6 | (register & 7) << 3 | (needsSib ? Indirect : at));
        if (needsSib)
        {
            // Index 100 is none.
            Code.Byte((hasIndex ? Low(memory.Index) : Indirect) << 3 | at);
        }
        if (mode == 1)
        {
            Code.Byte(units);
        }
        else if (mode == 2)
        {
            Code.Word32((uint)memory.Displacement);
        }
    }

    static int Low(X64Register register) => (int)register & 7;
}
