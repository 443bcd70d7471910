using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockSmtp.Collections;
using BlockSmtp.Processes;

namespace BlockSmtp.Tests.Processes;

/// <summary>A client of a <see cref="FakeSendmail"/>, and what there is to know of the child that serves it.</summary>
internal sealed class FakeClient : IDisposable
{
    private readonly Socket _socket;
    private readonly PidFd _child;

    public FakeClient(IPEndPoint server, IPAddress? from)
    {
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        if (from is not null)
            _socket.Bind(new IPEndPoint(from, 0));
        _socket.Connect(server);
        ChildId = Tell("NOOP");
        _child = PidFd.TryOpen(ChildId, out _)!;
    }

    public int ChildId { get; }

    public bool ChildIsAlive => !_child.HasExited;

    /// <summary>What the descriptors of a process lead to, such as "socket:[4711]".</summary>
    public static List<string> Descriptors(int processId) =>
        [.. Directory.GetFiles($"/proc/{processId}/fd").Select(path => new FileInfo(path).LinkTarget ?? "")];

    /// <summary>What the child's connection is called in the kernel.</summary>
    public string Connection => new FileInfo($"/proc/{ChildId}/fd/8").LinkTarget!;

    /// <summary>Gives the child a command and awaits its answer, the child's process number.</summary>
    public int Tell(string command)
    {
        Send(command + "\n");
        var answer = new StringBuilder();
        var one = new byte[1];
        while (_socket.Receive(one) == 1 && one[0] != '\n')
            answer.Append((char)one[0]);
        return int.Parse(answer.ToString(), CultureInfo.InvariantCulture);
    }

    public void Send(string text) => _socket.Send(Encoding.ASCII.GetBytes(text));

    /// <summary>Sends the end of the stream, so the child's end is in CLOSE_WAIT.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset, like an attacker in a hurry.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Ends the child for certain.</summary>
    public async Task KillChild()
    {
        _child.Signal(ProcessCalls.SIGKILL);
        while (ChildIsAlive)
            await Task.Yield();
    }

    public void Dispose()
    {
        _child.Signal(ProcessCalls.SIGKILL);
        _child.Dispose();
        _socket.Dispose();
    }
}
