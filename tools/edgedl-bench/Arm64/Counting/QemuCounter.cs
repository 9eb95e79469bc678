using System.Globalization;

namespace EdgeDL.Bench.Arm64.Counting;

/// <summary>
/// Counts the instructions that a program for Arm64 executes, exactly, under qemu's user mode with
/// a plugin, which the C compiler of this machine builds. No time is measured.
/// </summary>
sealed class QemuCounter : IDisposable
{
    const string Qemu = "qemu-aarch64";
    const string Libraries = "/usr/aarch64-linux-gnu/lib";
    const string Source = "counter.c";

    readonly string folder = Directory.CreateTempSubdirectory("edgedl-count-").FullName;

    /// <exception cref="BenchException">qemu or the compiler is missing, or this qemu takes no
    /// plugins.</exception>
    public QemuCounter()
    {
        try
        {
            Version = Tool.Output(Qemu, "qemu-user", "", "--version").Split('\n')[0];
            if (!Tool.Output(Qemu, "qemu-user", "", "--help").Contains("-plugin"))
            {
                throw new BenchException($"{Version} takes no plugins", Exit.Usage);
            }

            BuildPlugin();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Which qemu counts.</summary>
    public string Version { get; }

    string Plugin => Path.Combine(folder, "counter.so");

    /// <summary>Runs a program on a core.</summary>
    /// <returns>Its standard output, and the instructions executed from each
    /// <see cref="CountMark"/> to the next.</returns>
    /// <exception cref="BenchException">It fails, or a signal ends it.</exception>
    public (string Output, long[] Counts) Run(
        ArmCore core, string program, params string[] arguments)
    {
        string counts = Path.Combine(folder, "counts");
        File.Delete(counts);
        string output = Tool.Output(
            Qemu, "qemu-user", "",
            [
                "-L", Machine(core), "-cpu", core.Model,
                "-plugin", $"{Plugin},mark={CountMark.Number},to={counts}",
                program, .. arguments,
            ]);
        long[] marks = [.. File.ReadLines(counts)
            .Select(l => long.Parse(l, CultureInfo.InvariantCulture))];
        return (output, [.. marks.Skip(1).Zip(marks, (later, earlier) => later - earlier)]);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void BuildPlugin()
    {
        string source = Path.Combine(folder, Source);
        using (Stream text = typeof(QemuCounter).Assembly.GetManifestResourceStream(Source)!)
        using (FileStream file = File.Create(source))
        {
            text.CopyTo(file);
        }

        Tool.Output("cc", "gcc", "", "-O2", "-shared", "-fPIC", "-o", Plugin, source);
    }

    // What qemu looks at before this machine's own files. A library that asks Linux what it runs
    // on must not read of x64 cores: ONNX Runtime's would follow a null pointer.
    string Machine(ArmCore core)
    {
        string machine = Path.Combine(folder, core.Name);
        if (Directory.Exists(machine))
        {
            return machine;
        }

        string cpus = Path.Combine(machine, "sys", "devices", "system", "cpu");
        Directory.CreateDirectory(cpus);
        File.WriteAllText(Path.Combine(cpus, "possible"), "0\n");
        File.WriteAllText(Path.Combine(cpus, "present"), "0\n");
        Directory.CreateDirectory(Path.Combine(machine, "proc"));
        File.WriteAllText(Path.Combine(machine, "proc", "cpuinfo"), core.CpuInfo);
        if (Directory.Exists(Libraries))
        {
            Directory.CreateSymbolicLink(Path.Combine(machine, "lib"), Libraries);
        }

        return machine;
    }
}
