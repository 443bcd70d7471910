using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Testing;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Processes;

/// <summary>A reaper whose work is done by a server behind a socket does what every reaper must.</summary>
[Category(Needs.Root)]
public sealed class SessionsReaperConformanceTests : ProcessReaperConformance
{
    private FakeSendmail _mailer = null!;
    private RunningSessionServer _server = null!;

    [SetUp]
    public void Start()
    {
        _mailer = new FakeSendmail();
        _server = new RunningSessionServer(_mailer.Options);
    }

    [TearDown]
    public async Task Stop()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _mailer?.Dispose();
    }

    protected override IProcessReaper Make() => _server.Client();

    protected override object Open(IPAddress host) => _mailer.Connect(from: host.ToString());

    protected override bool IsOpen(object session) => ((FakeClient)session).ChildIsAlive;
}
