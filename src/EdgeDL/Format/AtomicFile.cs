using System.Runtime.InteropServices;

namespace EdgeDL.Format;

/// <summary>
/// Files that appear whole or not at all: temporary file beside the target, fsync, rename, fsync
/// of the folder.
/// </summary>
public static partial class AtomicFile
{
    const int ReadOnlyDirectory = 0x10000 | 0x80000;

    /// <summary>
    /// Writes <paramref name="bytes"/> to <paramref name="path"/>, replacing what is there.
    /// </summary>
    /// <exception cref="IOException">The disk is full or the folder is not writable; the old file,
    /// if any, is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? "/";
        string temporary = Path.Combine(
            folder, $".{Path.GetFileName(full)}.{Environment.ProcessId}.tmp");
        try
        {
            using (var stream = new FileStream(
                temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncFolder(folder);
    }

    static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Some file systems refuse to sync a folder; the rename is then as durable as they allow.
        int handle = Open(folder, ReadOnlyDirectory);
        if (handle >= 0)
        {
            _ = Fsync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
