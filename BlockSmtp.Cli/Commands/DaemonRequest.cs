using System.Net;
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
            await using var client = await ConnectAsync(verb);
            return await ask(client);
        }
        catch (ControlException e)
        {
            throw new CommandException(CodeOf(e), e.Message);
        }
    }

    /// <summary>On whose behalf root asks: sudo(8) says it.</summary>
    private static string? Asker => Environment.GetEnvironmentVariable("SUDO_USER");

    /// <summary>Asks for each of many what can be done for it; what can't is said, and the others have their turn.</summary>
    /// <returns>The highest of the exit codes.</returns>
    public static async Task<int> ForEachAsync(
        ControlVerb verb, IReadOnlyList<IPNetwork> networks, Func<ControlClient, IPNetwork, Task<int>> ask)
    {
        var worst = ExitCode.Ok;
        ControlClient? client = null;
        try
        {
            foreach (var network in networks)
            {
                client ??= await ConnectAsync(verb);
                try
                {
                    worst = Math.Max(worst, await ask(client, network));
                }
                catch (ControlException e) when (networks.Count > 1)
                {
                    Console.Error.WriteLine($"blocksmtp: {e.Message}");
                    worst = Math.Max(worst, CodeOf(e));
                    if (e.Code is ControlErrorCode.Trusted or ControlErrorCode.NotBlocked)
                        continue;
                    // Of an answer that never came the rest could be taken for the next one.
                    await client.DisposeAsync();
                    client = null;
                }
            }

            return worst;
        }
        catch (ControlException e)
        {
            throw new CommandException(CodeOf(e), e.Message);
        }
        finally
        {
            if (client is not null)
                await client.DisposeAsync();
        }
    }

    /// <summary>As <see cref="AskAsync"/>, but where no daemon runs, the answer of another.</summary>
    public static async Task<T> AskOrAsync<T>(ControlVerb verb, Func<ControlClient, Task<T>> ask, Func<Task<T>> otherwise)
    {
        ControlClient client;
        try
        {
            client = await ConnectAsync(verb);
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

    public static string PathOf(ControlVerb verb) =>
        OptionValue.Path("control-socket", verb.ControlSocket) ?? ControlServerOptions.UsualPath;

    private static async Task<ControlClient> ConnectAsync(ControlVerb verb)
    {
        var client = await ControlClient.ConnectAsync(PathOf(verb));
        client.By = Asker;
        return client;
    }

    private static int CodeOf(ControlException e) => e.Code switch
    {
        ControlErrorCode.NotPermitted or ControlErrorCode.Trusted => ExitCode.NoPermission,
        ControlErrorCode.BadConfiguration => ExitCode.Config,
        ControlErrorCode.BadRequest => ExitCode.Usage,
        _ => ExitCode.Unavailable,
    };
}
