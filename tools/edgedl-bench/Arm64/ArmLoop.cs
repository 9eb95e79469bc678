using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeDL.Bench.Arm64;

/// <summary>An innermost loop that multiplies: the instructions from where a branch goes back to,
/// up to and with that branch. Text as objdump has it, without comments.</summary>
sealed partial record ArmLoop(string Kernel, ulong Address, IReadOnlyList<string> Lines)
{
    /// <summary>Instructions that multiply and add, lane by lane.</summary>
    public IReadOnlyList<string> Multiplies { get; } =
        [.. Lines.Where(line => MultiplyAdd().IsMatch(line))];

    /// <summary>Multiply-accumulates of one turn.</summary>
    public int Macs => Multiplies.Sum(line => line.Split('\t')[0] switch
    {
        "smmla" => 32,
        "sdot" => 16,
        _ => 4,
    });

    /// <summary>Accesses to the stack's frame, and calls, which would need them.</summary>
    public IReadOnlyList<string> Spills { get; } =
        [.. Lines.Where(line => Frame().IsMatch(line) || Call().IsMatch(line))];

    /// <summary>The innermost loops of a function that multiply.</summary>
    public static List<ArmLoop> Of(string kernel, IReadOnlyList<ArmInstruction> function)
    {
        var loops = new List<(int First, int Last)>();
        for (var last = 0; last < function.Count; last++)
        {
            if (Branch().Match(function[last].Text) is { Success: true } branch)
            {
                var target = ulong.Parse(
                    branch.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                for (var first = 0; first <= last; first++)
                {
                    if (function[first].Address == target)
                    {
                        loops.Add((first, last));
                    }
                }
            }
        }

        return [.. loops
            .Where(l => !loops.Exists(o => o != l && l.First <= o.First && o.Last <= l.Last))
            .Select(l => new ArmLoop(
                kernel, function[l.First].Address,
                [.. function.Skip(l.First).Take(l.Last - l.First + 1).Select(i => i.Text)]))
            .Where(loop => loop.Multiplies.Count > 0)];
    }

    [GeneratedRegex(@"^(fmla\tv|smlal2?\tv|sdot\t|smmla\t)")]
    private static partial Regex MultiplyAdd();

    [GeneratedRegex(@"\[(sp|x29)\b")]
    private static partial Regex Frame();

    [GeneratedRegex(@"^blr?\t")]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?:b|b\.\w+|cbn?z|tbn?z)\t(?:.*, )?(?:0x)?([0-9a-f]+)\b(?! *,)")]
    private static partial Regex Branch();
}
