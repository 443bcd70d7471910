using BlockSmtp.Cli.Logging;
using BlockSmtp.Policies;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Keeps who has delivered mail, which the balance is struck with, over a restart. What a crash takes is a minute of it: enough for a
/// figure half of which is forgotten in two weeks.
/// </summary>
internal sealed class DeliveriesFile : IAsyncDisposable
{
    private const string Name = "deliveries";
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly RenewedFile _file;

    private DeliveriesFile(string path, BalancePolicy policy, ILogger logger) =>
        _file = new RenewedFile(path, Own, Interval, file => Save(policy, file), problem => logger.DeliveriesNotWritten(path, problem));

    /// <summary>Takes up what an earlier run has left, and keeps the file up to date; null where there is nothing to keep.</summary>
    public static DeliveriesFile? Start(DaemonSettings settings, IOffenderPolicy policy, ILogger logger)
    {
        if (settings.StateDirectory is not { } directory || policy is not BalancePolicy balance)
            return null;
        var path = Path.Combine(directory, Name);
        try
        {
            if (File.Exists(path))
            {
                using var file = File.OpenText(path);
                balance.LoadDeliveries(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.DeliveriesNotRead(path, e.Message);
        }

        return new DeliveriesFile(path, balance, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _file.Write();
    }

    private static void Save(BalancePolicy policy, Stream file)
    {
        using var text = new StreamWriter(file, leaveOpen: true);
        policy.SaveDeliveries(text);
    }
}
