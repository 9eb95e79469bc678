namespace EdgeDL.Pi;

/// <summary>What the command line means before the framework reads it.</summary>
static class Arguments
{
    /// <summary>Stands between inputs: no file name that a person types has it.</summary>
    public const char Separator = '\n';

    /// <summary>Joins repeated <c>--input</c> options into one.</summary>
    public static string[] Prepare(string[] args)
    {
        var inputs = new List<string>();
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--input" or "-i" && i + 1 < args.Length)
            {
                inputs.Add(args[++i]);
            }
            else if (args[i].StartsWith("--input=", StringComparison.Ordinal))
            {
                inputs.Add(args[i]["--input=".Length..]);
            }
            else
            {
                rest.Add(args[i]);
            }
        }

        if (inputs.Count > 0)
        {
            rest.Add("--input");
            rest.Add(string.Join(Separator, inputs));
        }

        return [.. rest];
    }
}
