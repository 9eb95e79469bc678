using System.Globalization;
using EdgeDL.Host.Measuring;

namespace EdgeDL.Host.Diagnosis;

/// <summary>Memory, temperature, supply voltage and the time of day.</summary>
static class MemoryAndClock
{
    const double Mega = 1e6;

    public static IEnumerable<Finding> Examine()
    {
        yield return Memory();
        yield return Finding.Pass(
            "this process", $"{ProcessMemory.ResidentBytes() / Mega:0.0} MB resident, pages of "
            + $"{Environment.SystemPageSize / 1024} KiB");
        yield return Temperature();
        if (Throttling() is { } throttling)
        {
            yield return throttling;
        }

        yield return TimeOfDay();
    }

    static Finding Memory()
    {
        var free = KibiBytes("MemAvailable") * 1024 / Mega;
        var total = KibiBytes("MemTotal") * 1024 / Mega;
        var found = $"{free:0} of {total:0} MB free";
        return free switch
        {
            0 => Finding.Pass("memory", "not shown by this system"),
            < 32 => Finding.Fail("memory", found, "end other programs"),
            < 128 => Finding.Warn("memory", found, "end other programs, or use small models only"),
            _ => Finding.Pass("memory", found),
        };
    }

    static long KibiBytes(string field)
    {
        var value = SystemFile.Field("/proc/meminfo", field).Split(' ')[0];
        return long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    static Finding Temperature()
    {
        var milli = SystemFile.Number("/sys/class/thermal/thermal_zone0/temp");
        if (milli is null or <= 0)
        {
            return Finding.Pass("temperature", "not shown by this system");
        }

        // Boards slow down from 80 to 85 °C.
        var found = $"{milli / 1000.0:0.0} °C";
        return milli >= 78_000
            ? Finding.Warn("temperature", found, "give the board a heat sink or a fan")
            : Finding.Pass("temperature", found);
    }

    // Raspberry Pi firmware: bit 0 is low voltage now, bit 2 throttled now, 16 and 18 since boot.
    static Finding? Throttling()
    {
        var text = SystemFile.FirstLine("/sys/devices/platform/soc/soc:firmware/get_throttled");
        if (!int.TryParse(
            text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits))
        {
            return null;
        }

        return (bits & 0x50005) == 0
            ? Finding.Pass("power", "steady since the board started")
            : Finding.Warn(
                "power",
                (bits & 0x5) != 0 ? "too low now, the processor is slowed" : "was too low",
                "use the board's own supply and a short cable");
    }

    static Finding TimeOfDay()
    {
        var now = DateTime.UtcNow;
        var found = $"{now.Year}-{now.Month:00}-{now.Day:00} {now.Hour:00}:{now.Minute:00} UTC";
        return now.Year < 2025
            ? Finding.Warn("clock", found, "set it: sudo timedatectl set-ntp true")
            : Finding.Pass("clock", found);
    }
}
