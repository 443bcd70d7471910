using System.Globalization;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Counts starts that have failed because the machine lacks something, such as a tool that is not installed. Systemd before 254 tries every
/// two seconds for ever; so after some attempts the daemon itself waits before it gives up, and says so.
/// </summary>
internal static class FailedStarts
{
    // What comes a moment later at boot has its chances.
    private const int Quick = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(10);

    private static string? Path => Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY") is { Length: > 0 } directory
        ? System.IO.Path.Combine(directory.Split(':')[0], "failed-starts") : null;

    /// <summary>A start has succeeded.</summary>
    public static void Forget()
    {
        try
        {
            if (Path is { } path)
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one is counted from there.
        }
    }

    /// <summary>Counts one, and waits if there were many. Does nothing where no service manager would try again.</summary>
    /// <param name="notice">Tells the service manager, which would take the wait for a start that hangs.</param>
    /// <param name="reason">What is missing.</param>
    public static async Task CountAsync(ServiceNotice notice, string reason)
    {
        if (!notice.IsWanted || Path is not { } path || Count(path) <= Quick)
            return;
        notice.Status($"{reason} (tried again in {Pause.TotalMinutes:0} minutes)");
        for (var left = Pause; left > TimeSpan.Zero; left -= Notice)
        {
            notice.TakesLonger(2 * Notice);
            await Task.Delay(Notice);
        }
    }

    private static int Count(string path)
    {
        try
        {
            var count = File.Exists(path)
                && int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var before)
                    ? before + 1
                    : 1;
            File.WriteAllText(path, count.ToString(CultureInfo.InvariantCulture));
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
