using System.Net.Sockets;
using System.Text;
using BlockSmtp.Control;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Control;

/// <summary>An engine with a control socket in a folder of its own. Disposing ends both.</summary>
internal sealed class RunningControl : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RunningControl(Action<ControlServerOptions>? configure = null)
    {
        Activity = new EngineActivity();
        Engine = new RunningEngine(options =>
        {
            options.Observer = Activity;
            options.KeepRecipients = true;
            options.WhiteList = WhiteList.Parse(new StringReader("# ours\n198.51.100.0/24\n"), "white");
        });
        var options = new ControlServerOptions { Path = _folder["control.sock"], Activity = Activity };
        configure?.Invoke(options);
        Path = options.Path;
        Server = ControlServer.Start(Engine.Engine, options, Log);
    }

    public string Path { get; }

    public EngineActivity Activity { get; }

    public RecordedLog<ControlServer> Log { get; } = new();

    public RunningEngine Engine { get; }

    public ControlServer Server { get; }

    public Task<ControlClient> ConnectAsync() => ControlClient.ConnectAsync(Path);

    /// <summary>A connection to write bytes to.</summary>
    public async Task<Socket> OpenAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path));
        return socket;
    }

    /// <summary>
    /// Sends bytes and reads all that comes until the server closes; what it does not take for being closed meanwhile is no error.
    /// </summary>
    public async Task<string> SayAsync(byte[] bytes)
    {
        using var socket = await OpenAsync();
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Engine.DisposeAsync();
        _folder.Dispose();
    }
}
