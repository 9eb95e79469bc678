namespace EdgeDL.Tidy.Tests;

/// <summary>Files that break a rule for a reason. Each line names the reason.</summary>
static class Exceptions
{
    /// <summary>Hand-written files may be this long.</summary>
    public const int MaxLines = 450;

    public const int MaxColumns = 100;

    /// <summary>Longer than <see cref="MaxLines"/>.</summary>
    public static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Every package and what it is for; floors 0 and 1 take none.</summary>
    public static readonly Dictionary<string, string> Packages = new()
    {
        ["Google.FlatBuffers"] = "writes the .tflite models of tests",
        ["Google.Protobuf"] = "reads .onnx",
        ["Grpc.Tools"] = "compiles onnx.proto",
        ["Microsoft.ML.OnnxRuntime"] = "runs .onnx: the desk's oracle, accelerators",
        ["StbImageSharp"] = "reads png, jpg and bmp",
        ["ConsoleAppFramework"] = "command lines without reflection",
        ["Spectre.Console"] = "tables and progress of desk tools",
        ["Microsoft.NET.Test.Sdk"] = "tests",
        ["xunit"] = "tests",
        ["xunit.assert"] = "tests",
        ["xunit.extensibility.core"] = "tests",
        ["xunit.runner.visualstudio"] = "tests",
        ["CsCheck"] = "tests",
    };
}
