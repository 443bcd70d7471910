using BlockSmtp;
using BlockSmtp.Cli;
using BlockSmtp.Cli.Commands;
using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Logging;
using Microsoft.Extensions.Logging;

try
{
    return CommandLineReader.Read(args) switch
    {
        string text => Say(text),
        var verb => await CommandRunner.RunAsync(verb),
    };
}
catch (CommandException e)
{
    return Fail(e.ExitCode, [e.Message, .. e.Details]);
}
catch (FirewallException e)
{
    return Fail(e.Failure == FirewallFailure.NotPermitted ? ExitCode.NoPermission : ExitCode.Unavailable, e.Message);
}
catch (BlockStoreException e)
{
    return Fail(ExitCode.Unavailable, e.Message);
}
catch (IOException e)
{
    return Fail(ExitCode.IoError, $"input or output failed: {e.Message}");
}
#pragma warning disable CA1031 // The last stop: whatever it is, the user gets one line and the code for it.
catch (Exception e)
#pragma warning restore CA1031
{
    return Fail(
        ExitCode.Software,
        $"a defect of blocksmtp ({e.GetType().Name}: {e.Message}): please report it with the command line that led to it");
}

static int Say(string text)
{
    Console.Out.WriteLine(text);
    return ExitCode.Ok;
}

static int Fail(int code, params IEnumerable<string> messages)
{
    try
    {
        foreach (var message in messages)
            Console.Error.WriteLine($"{JournalStream.Head(LogLevel.Error)}{message.ReplaceLineEndings(" ")}");
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        // Nobody listens; the code still tells.
    }

    return code;
}
