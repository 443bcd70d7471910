using BlockSmtp.Cli.Options;
using BlockSmtp.Control;

namespace BlockSmtp.Cli.Commands;

/// <summary>Asks the daemon, and turns what goes wrong into a message and an exit code.</summary>
internal static class DaemonRequest
{
    public static async Task<T> AskAsync<T>(ControlVerb verb, Func<ControlClient, Task<T>> ask)
    {
        try
        {
            await using var client = await ControlClient.ConnectAsync(PathOf(verb));
            return await ask(client);
        }
        catch (ControlException e)
        {
            throw new CommandException(CodeOf(e), e.Message);
        }
    }

    /// <summary>As <see cref="AskAsync"/>, but where no daemon runs, the answer of another.</summary>
    public static async Task<T> AskOrAsync<T>(ControlVerb verb, Func<ControlClient, Task<T>> ask, Func<Task<T>> otherwise)
    {
        ControlClient client;
        try
        {
            client = await ControlClient.ConnectAsync(PathOf(verb));
        }
        catch (ControlException e) when (e.Code == ControlErrorCode.NotRunning)
        {
            return await otherwise();
        }
        catch (ControlException e)
        {
            throw new CommandException(CodeOf(e), e.Message);
        }

        await using (client)
        {
            try
            {
                return await ask(client);
            }
            catch (ControlException e)
            {
                throw new CommandException(CodeOf(e), e.Message);
            }
        }
    }

    public static string PathOf(ControlVerb verb) => OptionValue.Path("control-socket", verb.ControlSocket) ?? ControlServerOptions.UsualPath;

    private static int CodeOf(ControlException e) => e.Code switch
    {
        ControlErrorCode.NotPermitted or ControlErrorCode.Trusted => ExitCode.NoPermission,
        ControlErrorCode.BadConfiguration => ExitCode.Config,
        ControlErrorCode.BadRequest => ExitCode.Usage,
        _ => ExitCode.Unavailable,
    };
}
