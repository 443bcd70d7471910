using System.Net.Sockets;

namespace BlockSmtp.Cli.Commands;

/// <summary>
/// Keeps a second daemon from the same chain, which would take the first one's rules for leftovers of a crash. An abstract
/// socket's name (unix(7)) is as far known as the rules are, in one network namespace, and goes with its process.
/// </summary>
internal static class ChainLock
{
    public static IDisposable Take(string chain)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0blocksmtp/{chain}"));
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new CommandException(ExitCode.Unavailable, $"another blocksmtp uses the chain {chain}: stop it, or name another chain with --iptables-chain-name");
        }
    }
}
