using System.Runtime.InteropServices;
using BlockSmtp.Fleet;
using BlockSmtp.Fleet.Cli;

const int Ok = 0, Usage = 64, Software = 70, Config = 78;

try
{
    if (args is ["--help"] or ["-h"])
    {
        Console.Out.Write(FleetSettings.Help);
        return Ok;
    }

    if (args is ["--version"])
    {
        Console.Out.WriteLine($"blocksmtp-fleet {typeof(FleetSettings).Assembly.GetName().Version?.ToString(3)}");
        return Ok;
    }

    var settings = FleetSettings.Read(args);
    var logger = new StandardErrorLogger();
    using var stop = new CancellationTokenSource();
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    await using var fleet = new RedisFleet(settings.Fleet, logger);
    await new Bridge(fleet, settings.Socket, logger).RunAsync(stop.Token);
    return Ok;
}
catch (SettingException e)
{
    return Fail(e.IsInFile ? Config : Usage, e.Message);
}
#pragma warning disable CA1031 // The last stop: whatever it is, the user gets one line and the code for it.
catch (Exception e)
#pragma warning restore CA1031
{
    return Fail(Software, $"a defect of blocksmtp-fleet ({e.GetType().Name}: {e.Message}): please report it");
}

static int Fail(int code, string message)
{
    Console.Error.WriteLine($"blocksmtp-fleet: {message.ReplaceLineEndings(" ")}");
    return code;
}
