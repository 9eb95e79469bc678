namespace EdgeDL.Kernels.Emit;

/// <summary>A general register of 64 bits; its number is its encoding.</summary>
enum X64Register
{
    Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15, None,
}

/// <summary>The low four bits of a conditional jump's opcode: Intel SDM volume 2, appendix B.1,
/// "Condition Test Field (tttn)".</summary>
enum X64Condition
{
    Below = 2, Equal = 4, NotEqual = 5, Less = 12, GreaterOrEqual = 13, Greater = 15,
}

/// <summary>[Base + Index + Displacement]; Index may be None.</summary>
readonly record struct X64Memory(X64Register Base, X64Register Index, int Displacement)
{
    public X64Memory(X64Register at, int displacement)
        : this(at, X64Register.None, displacement)
    {
    }
}

/// <summary>One integer instruction, register ← register or memory, as Intel SDM volume 2 lists it
/// under its name.</summary>
/// <param name="Mnemonic">Its name.</param>
/// <param name="IsWide">REX.W: 64 bits, else 32.</param>
/// <param name="Opcode">The one opcode byte before ModRM.</param>
readonly record struct X64Form(string Mnemonic, bool IsWide, byte Opcode)
{
    /// <summary>"MOV—Move": REX.W + 8B /r.</summary>
    public static X64Form Load => new("mov", true, 0x8B);

    /// <summary>"MOV—Move": 8B /r; the upper half becomes zero.</summary>
    public static X64Form Load32 => new("mov", false, 0x8B);

    /// <summary>"MOV—Move": REX.W + 89 /r, memory ← register.</summary>
    public static X64Form Store => new("mov", true, 0x89);

    /// <summary>"ADD—Add": REX.W + 03 /r.</summary>
    public static X64Form Add => new("add", true, 0x03);

    /// <summary>"CMP—Compare Two Operands": REX.W + 3B /r.</summary>
    public static X64Form Compare => new("cmp", true, 0x3B);

    /// <summary>"OR—Logical Inclusive OR": REX.W + 0B /r.</summary>
    public static X64Form Or => new("or", true, 0x0B);

    /// <summary>"XOR—Logical Exclusive OR": 33 /r.</summary>
    public static X64Form Xor32 => new("xor", false, 0x33);

    /// <summary>"LEA—Load Effective Address": REX.W + 8D /r.</summary>
    public static X64Form Address => new("lea", true, 0x8D);

    public static X64Form[] All => [Load, Load32, Store, Add, Compare, Or, Xor32, Address];
}

/// <summary>One EVEX instruction on 512 bits, as Intel SDM volume 2 lists it under its name; the
/// prefix is section 2.7, "Intel AVX-512 Encoding".</summary>
/// <param name="Mnemonic">Its name.</param>
/// <param name="Map">Opcode map: 1 is 0F, 2 is 0F38 (EVEX.mmm).</param>
/// <param name="Prefix">Compressed legacy prefix: 1 is 66, 2 is F3 (EVEX.pp).</param>
/// <param name="Opcode">The opcode byte.</param>
/// <param name="MemoryBytes">What a memory operand spans, the unit of an 8-bit displacement
/// (section 2.7.5, "Compressed Displacement (disp8*N) Support in EVEX").</param>
/// <param name="Sources">Operands beside the destination; one leaves EVEX.vvvv unused.</param>
readonly record struct EvexForm(
    string Mnemonic, byte Map, byte Prefix, byte Opcode, byte MemoryBytes, byte Sources)
{
    /// <summary>"MOVDQU,VMOVDQU8/16/32/64": EVEX.512.F3.0F.W0 6F /r.</summary>
    public static EvexForm Load => new("vmovdqu32", 1, 2, 0x6F, 64, 1);

    /// <summary>The same, memory ← register: EVEX.512.F3.0F.W0 7F /r.</summary>
    public static EvexForm Store => new("vmovdqu32", 1, 2, 0x7F, 64, 1);

    /// <summary>"VPBROADCAST—Load Integer and Broadcast": EVEX.512.66.0F38.W0 58 /r.</summary>
    public static EvexForm Broadcast => new("vpbroadcastd", 2, 1, 0x58, 4, 1);

    /// <summary>"PADDB/PADDW/PADDD/PADDQ": EVEX.512.66.0F.W0 FE /r.</summary>
    public static EvexForm Add => new("vpaddd", 1, 1, 0xFE, 64, 2);

    /// <summary>"PXOR": EVEX.512.66.0F.W0 EF /r.</summary>
    public static EvexForm Xor => new("vpxord", 1, 1, 0xEF, 64, 2);

    /// <summary>"VPDPBUSD—Multiply and Add Unsigned and Signed Bytes": EVEX.512.66.0F38.W0 50 /r;
    /// the first source is unsigned, the second signed.</summary>
    public static EvexForm DotBytes => new("vpdpbusd", 2, 1, 0x50, 64, 2);

    public static EvexForm[] All => [Load, Store, Broadcast, Add, Xor, DotBytes];
}
