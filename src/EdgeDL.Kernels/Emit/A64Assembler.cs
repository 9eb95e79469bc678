namespace EdgeDL.Kernels.Emit;

/// <summary>Writes A64 instructions: Arm ARM, chapter C4, "A64 Instruction Set Encoding". Registers
/// are numbers; 31 is SP where an address is meant.</summary>
sealed class A64Assembler
{
    public const int StackPointer = 31;

    public CodeBuffer Code { get; } = new();

    public void Emit(A64Form form) => Code.Word32(form.Bits);

    /// <summary>One operand, Rt.</summary>
    public void Emit(A64Form form, int register) => Code.Word32(form.Bits | (uint)register);

    /// <summary>Rd and Rn.</summary>
    public void Emit(A64Form form, int destination, int source) =>
        Code.Word32(form.Bits | (uint)source << 5 | (uint)destination);

    /// <summary>Rd, Rn and Rm, or Rt and [Rn, Rm].</summary>
    public void Emit(A64Form form, int destination, int first, int second) =>
        Code.Word32(form.Bits | (uint)second << 16 | (uint)first << 5 | (uint)destination);

    /// <summary>Rt and [Rn, #bytes], or Rd, Rn and #value: twelve bits of units.</summary>
    public void EmitOffset(A64Form form, int register, int from, int bytes) =>
        Code.Word32(
            form.Bits | (uint)(bytes / form.Unit) << 10 | (uint)from << 5 | (uint)register);

    /// <summary>Rt, Rt2 and [Rn, #bytes]: seven signed bits of units.</summary>
    public void EmitPair(A64Form form, int first, int second, int from, int bytes) =>
        Code.Word32(
            form.Bits | ((uint)(bytes / form.Unit) & 0x7F) << 15 | (uint)second << 10
            | (uint)from << 5 | (uint)first);

    /// <summary>CMP Xn, Xm.</summary>
    public void Compare(int first, int second) => Emit(A64Form.Compare, 0x1F, first, second);

    /// <summary>B.cond, backwards.</summary>
    public void Jump(A64Condition condition, int target)
    {
        uint words = (uint)(target - Code.Position >> 2) & 0x7FFFF;
        Code.Word32(A64Form.BranchIf.Bits | words << 5 | (uint)condition);
    }

    /// <summary>B, backwards.</summary>
    public void Jump(int target) =>
        Code.Word32(A64Form.Branch.Bits | (uint)(target - Code.Position >> 2) & 0x3FFFFFF);

    /// <summary>B.cond to where <see cref="Land"/> will be called with what this returns.</summary>
    public int JumpForward(A64Condition condition)
    {
        Code.Word32(A64Form.BranchIf.Bits | (uint)condition);
        return Code.Position - 4;
    }

    public void Land(int jump) =>
        Code.Patch(jump, Code.WordAt(jump) | (uint)(Code.Position - jump) / 4 << 5);
}
