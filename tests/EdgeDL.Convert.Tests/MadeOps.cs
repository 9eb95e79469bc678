using System.Reflection;
using System.Reflection.Emit;
using EdgeDL.Ops;
using Instruction = System.Reflection.Emit.OpCode;

namespace EdgeDL.Convert.Tests;

/// <summary>Which ops the code of an import function makes, told from its instructions.</summary>
static class MadeOps
{
    static readonly Dictionary<short, Instruction> instructions = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (Instruction)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>The names of the ops, in any order.</summary>
    public static IReadOnlyCollection<string> Of(MethodInfo import)
    {
        HashSet<string> ops = [];
        HashSet<MethodBase> seen = [];
        var open = new Stack<MethodBase>([import]);
        while (open.TryPop(out MethodBase? method))
        {
            if (!seen.Add(method))
            {
                continue;
            }

            foreach (MethodBase called in Called(method))
            {
                if (called.DeclaringType is { } type && CodeOf(type) is { } code
                    && called.IsConstructor)
                {
                    ops.Add(code);
                }

                // An import function is in a family's class or in a closure inside one.
                Type? outer = called.DeclaringType?.DeclaringType ?? called.DeclaringType;
                if (outer is { IsAbstract: true, IsSealed: true }
                    && outer.Namespace == import.DeclaringType!.Namespace)
                {
                    open.Push(called);
                }
            }
        }

        return ops;
    }

    static string? CodeOf(Type type) => type.IsSubclassOf(typeof(Op))
        ? type.GetProperty("Code", BindingFlags.Public | BindingFlags.Static
            | BindingFlags.FlattenHierarchy)?.GetValue(null)?.ToString()
        : null;

    static IEnumerable<MethodBase> Called(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            value = value == 0xFE ? unchecked((short)(0xFE00 | code[at++])) : value;
            Instruction instruction = instructions[value];
            if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineTok
                && method.Module.ResolveMember(BitConverter.ToInt32(code, at),
                    method.DeclaringType!.GetGenericArguments(),
                    method.IsGenericMethod ? method.GetGenericArguments() : [])
                        is MethodBase called)
            {
                yield return called;
            }

            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI
                    or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
