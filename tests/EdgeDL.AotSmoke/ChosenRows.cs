using System.Reflection;
using System.Runtime.InteropServices;
using EdgeDL.Kernels;

namespace EdgeDL.AotSmoke;

/// <summary>Prints, for every kernel family, its rows and the one that this CPU gets.</summary>
static class ChosenRows
{
    public static void Print(Report report)
    {
        bool anyX86 = false;
        foreach (Type family in typeof(KernelRow).Assembly.GetTypes().OrderBy(t => t.FullName))
        {
            foreach (MethodInfo rows in family.GetMethods(
                BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (rows.Name.StartsWith("Rows", StringComparison.Ordinal)
                    && rows.GetParameters().Length == 0 && !rows.ContainsGenericParameters
                    && rows.Invoke(null, null) is Array table)
                {
                    string line = Describe(table);
                    anyX86 |= IsAvx2(line);
                    string name = family.FullName!["EdgeDL.Kernels.".Length..];
                    Console.WriteLine($"  {name}.{rows.Name}: {line}");
                }
            }
        }

        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        if (anyX86)
        {
            report.Pass();
        }
        else
        {
            report.Fail("AVX2", "no family chose an AVX2 row: publish with --instruction-set");
        }
    }

    static bool IsAvx2(string line)
    {
        int open = line.IndexOf('[');
        int close = line.IndexOf(']');
        return open >= 0 && line[open..close].Contains("avx2", StringComparison.OrdinalIgnoreCase);
    }

    // All rows, fastest first; the chosen one in brackets, those this CPU lacks in parentheses.
    static string Describe(Array table)
    {
        List<string> words = [];
        bool chosen = false;
        foreach (object row in table)
        {
            Type type = row.GetType();
            string name = (string)type.GetProperty("Name")!.GetValue(row)!;
            bool supported = (bool)type.GetProperty("IsSupported")!.GetValue(row)!;
            words.Add(!supported ? $"({name})" : chosen ? name : $"[{name}]");
            chosen |= supported;
        }

        return string.Join(' ', words);
    }
}
