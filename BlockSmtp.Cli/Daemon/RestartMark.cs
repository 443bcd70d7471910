using BlockSmtp.Cli.Logging;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// What systemd's unit leaves where this stop is the first half of a restart. With a configuration that the next start would refuse the
/// rules then stay: a typo must not
/// let everybody in.
/// </summary>
internal sealed class RestartMark(Reload reload, DetectionEngineOptions options, ILogger logger)
{
    // The stop has two seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string? _path = Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY") is { Length: > 0 } directory
        ? Path.Combine(directory.Split(':')[0], "restart") : null;

    /// <summary>One that an earlier stop has left tells nothing of the next.</summary>
    public void Forget()
    {
        try
        {
            if (_path is not null)
                File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then there is none that matters.
        }
    }

    /// <summary>Called when it is to stop, before anything is taken away.</summary>
    public void Heed()
    {
        if (_path is null || !File.Exists(_path))
            return;
        Forget();
        // Who reads a white-list that is a pipe waits for who writes it.
        var reading = Task.Run(reload.FindMistake);
        if (!reading.Wait(Patience) || reading.Result is not { } mistake)
            return;
        options.KeepRules = true;
        logger.RulesStayForRestart(mistake);
    }
}
