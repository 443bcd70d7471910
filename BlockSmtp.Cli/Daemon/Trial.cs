using System.Globalization;
using System.Net;
using BlockSmtp.Policies;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// A time in which it is only decided, logged and reported. When it ends stands in the state directory, so that a
/// restart does not begin it anew.
/// </summary>
internal sealed class Trial : IEngineObserver
{
    private const string Name = "trial";
    private const int MostNetworks = 100_000;
    private const int MostNamed = 20;
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly BalancePolicy? _policy;
    private readonly HashSet<IPNetwork> _blocked = [];
    private readonly HashSet<IPNetwork> _delivering = [];
    private readonly Lock _lock = new();

    private Trial(DateTimeOffset end, IOffenderPolicy policy) => (End, _policy) = (end, policy as BalancePolicy);

    /// <summary>When it is over. UTC.</summary>
    public DateTimeOffset End { get; }

    public bool WantsOffenses => false;

    /// <summary>Begins one, or goes on with one that has begun; null where none is wanted or it is over.</summary>
    /// <exception cref="CommandException">Its end cannot be kept.</exception>
    public static Trial? Begin(DaemonSettings settings, IOffenderPolicy policy)
    {
        if (settings.Trial == TimeSpan.Zero || settings.Verb.DryRun)
            return null;
        var end = settings.StateDirectory is { } directory
            ? KeptEnd(Path.Combine(directory, Name), settings.Trial)
            : DateTimeOffset.UtcNow + settings.Trial;
        return end > DateTimeOffset.UtcNow ? new Trial(end, policy) : null;
    }

    /// <summary>What would have come of it, in words.</summary>
    public string Summarize()
    {
        lock (_lock)
        {
            var some = string.Join(", ", _delivering.Take(MostNamed).Select(NetworkText.Show))
                + (_delivering.Count > MostNamed ? ", …" : "");
            var delivering = _delivering.Count == 0
                ? "none of which has delivered mail"
                : $"{_delivering.Count} of which have delivered mail: {some}";
            return $"{_blocked.Count} hosts would have been blocked, {delivering}";
        }
    }

    public void OnBlocked(Block block)
    {
        lock (_lock)
        {
            if (_blocked.Count < MostNetworks && _blocked.Add(block.Network) && _policy?.HasDelivered(block.Network.BaseAddress) == true)
                _delivering.Add(block.Network);
        }
    }

    private static DateTimeOffset KeptEnd(string path, TimeSpan length)
    {
        try
        {
            if (File.Exists(path) && DateTimeOffset.TryParse(
                File.ReadAllText(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var kept))
                return kept;
            var end = DateTimeOffset.UtcNow + length;
            if (!OperatingSystem.IsWindows())
                Directory.CreateDirectory(Path.GetDirectoryName(path)!, Own | UnixFileMode.UserExecute);
            AtomicFile.Write(
                path,
                Own,
                lasts: true,
                file => file.Write(System.Text.Encoding.ASCII.GetBytes(end.ToString("O", CultureInfo.InvariantCulture))));
            return end;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Of("trial", ExitCode.IoError, FileFailure.Describe(path, e));
        }
    }
}
