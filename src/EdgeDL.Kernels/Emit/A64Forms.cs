namespace EdgeDL.Kernels.Emit;

/// <summary>Conditions of B.cond: Arm ARM, C1.2.4, "Condition code".</summary>
enum A64Condition
{
    NotEqual = 1, Low = 3, GreaterOrEqual = 10, Less = 11, Greater = 12,
}

/// <summary>One A64 instruction without its operands, as the Arm ARM lists it under its name in
/// C6.2 (base) or C7.2 (Advanced SIMD). Rd or Rt is in bits 4:0, Rn in 9:5, Rm in 20:16.</summary>
/// <param name="Mnemonic">Its name.</param>
/// <param name="Bits">The fixed bits.</param>
/// <param name="Unit">What an immediate counts in bytes; 0 where there is none.</param>
readonly record struct A64Form(string Mnemonic, uint Bits, int Unit)
{
    /// <summary>"SMMLA (vector)": Vd.4S += Vn (2×8 bytes) · Vm (2×8 bytes) transposed.</summary>
    public static A64Form MatrixBytes => new("smmla", 0x4E80A400, 0);

    /// <summary>"ADD (vector)", 4S.</summary>
    public static A64Form AddLanes => new("add", 0x4EA08400, 0);

    /// <summary>"ZIP1", 2D: the lower halves of both.</summary>
    public static A64Form LowHalves => new("zip1", 0x4EC03800, 0);

    /// <summary>"ZIP2", 2D: the upper halves.</summary>
    public static A64Form HighHalves => new("zip2", 0x4EC07800, 0);

    /// <summary>"ZIP1", 4S.</summary>
    public static A64Form Interleave => new("zip1", 0x4E803800, 0);

    /// <summary>"ADD (shifted register)", 64-bit, LSL #0.</summary>
    public static A64Form Add => new("add", 0x8B000000, 0);

    /// <summary>The same, LSL #3.</summary>
    public static A64Form AddEights => new("add", 0x8B000C00, 0);

    /// <summary>"SUBS (shifted register)" to XZR: CMP.</summary>
    public static A64Form Compare => new("cmp", 0xEB00001F, 0);

    /// <summary>"LDR (register, SIMD&amp;FP)", 128-bit: [Xn, Xm].</summary>
    public static A64Form LoadQAt => new("ldr", 0x3CE06800, 0);

    /// <summary>The same, 64-bit.</summary>
    public static A64Form LoadDAt => new("ldr", 0xFC606800, 0);

    /// <summary>"LDR (immediate, SIMD&amp;FP)", 128-bit, unsigned offset.</summary>
    public static A64Form LoadQ => new("ldr", 0x3DC00000, 16);

    /// <summary>The same, 64-bit.</summary>
    public static A64Form LoadD => new("ldr", 0xFD400000, 8);

    /// <summary>"STR (immediate, SIMD&amp;FP)", 128-bit, unsigned offset.</summary>
    public static A64Form StoreQ => new("str", 0x3D800000, 16);

    /// <summary>"LDR (immediate)", 64-bit, unsigned offset.</summary>
    public static A64Form LoadX => new("ldr", 0xF9400000, 8);

    /// <summary>The same, 32-bit; the upper half becomes zero.</summary>
    public static A64Form LoadW => new("ldr", 0xB9400000, 4);

    /// <summary>"ADD (immediate)", 64-bit.</summary>
    public static A64Form AddValue => new("add", 0x91000000, 1);

    /// <summary>"DUP (element)", 2D from D[0].</summary>
    public static A64Form RepeatLow => new("dup", 0x4E080400, 0);

    /// <summary>The same from D[1].</summary>
    public static A64Form RepeatHigh => new("dup", 0x4E180400, 0);

    /// <summary>"STP (SIMD&amp;FP)", 64-bit, pre-index: [Xn, #imm]!.</summary>
    public static A64Form PushPair => new("stp", 0x6D800000, 8);

    /// <summary>The same, signed offset.</summary>
    public static A64Form StorePair => new("stp", 0x6D000000, 8);

    /// <summary>"LDP (SIMD&amp;FP)", 64-bit, signed offset.</summary>
    public static A64Form LoadPair => new("ldp", 0x6D400000, 8);

    /// <summary>The same, post-index: [Xn], #imm.</summary>
    public static A64Form PopPair => new("ldp", 0x6CC00000, 8);

    /// <summary>"DC CVAU": clean a line of data to where instructions are read (C5.3).</summary>
    public static A64Form CleanData => new("dc", 0xD50B7B20, 0);

    /// <summary>"IC IVAU": forget a line of instructions (C5.3).</summary>
    public static A64Form ForgetCode => new("ic", 0xD50B7520, 0);

    /// <summary>"DSB" ISH.</summary>
    public static A64Form DataBarrier => new("dsb", 0xD5033B9F, 0);

    /// <summary>"ISB".</summary>
    public static A64Form CodeBarrier => new("isb", 0xD5033FDF, 0);

    /// <summary>"RET" to X30.</summary>
    public static A64Form Return => new("ret", 0xD65F03C0, 0);

    /// <summary>"B.cond".</summary>
    public static A64Form BranchIf => new("b", 0x54000000, 4);

    /// <summary>"B".</summary>
    public static A64Form Branch => new("b", 0x14000000, 4);
}
