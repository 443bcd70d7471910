using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Processes;

/// <summary>A <see cref="SessionServer"/> on a socket of its own, and clients of it. Disposing ends them all.</summary>
internal sealed class RunningSessionServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SessionClient> _clients = [];
    private readonly SendmailProcessOptions _options;
    private CancellationTokenSource _stop = new();
    private SessionServer _server;
    private Task _running;

    public RunningSessionServer(SendmailProcessOptions options)
    {
        _options = options;
        _server = SessionServer.Listen(Path, options);
        _running = _server.RunAsync(_stop.Token);
    }

    public string Path => _folder["sessions.sock"];

    public SessionClient Client(ILogger<SendmailReaper>? logger = null, TimeProvider? time = null)
    {
        var client = new SessionClient(Path, time, logger, TimeSpan.FromMinutes(1));
        _clients.Add(client);
        return client;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _server.Dispose();
    }

    public void StartAgain()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _server = SessionServer.Listen(Path, _options);
        _running = _server.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await StopAsync();
        _stop.Dispose();
        _folder.Dispose();
    }
}
