using System.Net;
using System.Net.Sockets;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>Real connections over the loopback device of a namespace, from an address of their own.</summary>
internal static class LoopbackSockets
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Socket Listen(this NetworkNamespace network, string address, int port = 25) => NamespaceThread.Run(network, () =>
    {
        var local = new IPEndPoint(IPAddress.Parse(address), port);
        var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(local);
        socket.Listen();
        return socket;
    });

    /// <summary>Begins to connect and does not wait.</summary>
    public static Socket Connect(this NetworkNamespace network, string from, Socket listener) => NamespaceThread.Run(network, () =>
    {
        var address = IPAddress.Parse(from);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            network.Run("ip", "address", "replace", from + "/128", "dev", "lo", "nodad");
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        socket.Bind(new IPEndPoint(address, 0));
        try
        {
            socket.Connect(listener.LocalEndPoint!);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
        }
        return socket;
    });

    /// <summary>Waits for what the kernel does.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(1, limit.Token);
    }
}
