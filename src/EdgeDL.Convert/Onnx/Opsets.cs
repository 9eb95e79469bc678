using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx;

/// <summary>The version of each operator set that a model or function is written in.</summary>
sealed class Opsets
{
    readonly Dictionary<string, int> versions = [];

    public Opsets(IEnumerable<OperatorSetIdProto> imports, string place)
    {
        foreach (OperatorSetIdProto import in imports)
        {
            if (import.Version is < 1 or > 1 << 20)
            {
                throw Reject.Model(place, $"version {import.Version} of operator set "
                    + $"'{import.Domain}' is not one");
            }

            versions[Normal(import.Domain)] = (int)import.Version;
        }
    }

    /// <summary>The standard's own domain goes by two names.</summary>
    public static string Normal(string domain) => domain == "ai.onnx" ? "" : domain;

    /// <summary>The version of a domain; 1 if the file does not say.</summary>
    public int this[string domain] => versions.GetValueOrDefault(Normal(domain), 1);
}
