namespace EdgeDL.Host.Diagnosis;

/// <summary>Whether this user may open what cameras, microphones and sensors hang on.</summary>
static class Permissions
{
    public static IEnumerable<Finding> Examine()
    {
        yield return Device("cameras", "/dev", "video*", "video");
        yield return Device("microphones", "/dev/snd", "pcm*c", "audio");
        yield return Device("I2C buses", "/dev", "i2c-*", "i2c");
        yield return Device("SPI buses", "/dev", "spidev*", "spi");
        yield return Device("GPIO chips", "/dev", "gpiochip*", "gpio");
        yield return TemporaryFolder();
    }

    static Finding Device(string subject, string folder, string pattern, string group)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
        if (files.Length == 0)
        {
            return Finding.Pass(subject, "none");
        }

        Array.Sort(files, StringComparer.Ordinal);
        var closed = Array.FindAll(files, file => !MayOpen(file));
        return closed.Length == 0
            ? Finding.Pass(subject, string.Join(' ', files))
            : Finding.Warn(
                subject,
                $"{string.Join(' ', closed)} may not be opened",
                $"sudo usermod -aG {group} {Environment.UserName}, then log in again");
    }

    static bool MayOpen(string file)
    {
        try
        {
            using var handle = File.OpenHandle(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            // Busy, or of a kind that opens only with more setting up: allowed all the same.
            return true;
        }
    }

    static Finding TemporaryFolder()
    {
        var folder = Path.GetTempPath();
        try
        {
            var file = Path.Combine(folder, $"edgedl-doctor-{Environment.ProcessId}");
            File.WriteAllBytes(file, [1]);
            File.Delete(file);
            return Finding.Pass("temporary folder", $"{folder} may be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Warn(
                "temporary folder", $"{folder} may not be written", "set TMPDIR to one that may");
        }
    }
}
