using System.Net.Sockets;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Keeps a second daemon from the same chain or table, which would take the first one's rules for leftovers of a crash. An abstract
/// socket's name (unix(7)) is as far known as the rules are, in one network namespace, and goes with its process.
/// </summary>
internal static class ChainLock
{
    /// <param name="name">What no other lock is called: a chain has no slash in its name.</param>
    /// <param name="what">What is in use, in words.</param>
    /// <param name="instead">What to name instead, and how.</param>
    public static IDisposable Take(string name, string what, string instead)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0blocksmtp/{name}"));
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new CommandException(ExitCode.Unavailable, $"another blocksmtp uses {what}: stop it, or name {instead}");
        }
    }
}
