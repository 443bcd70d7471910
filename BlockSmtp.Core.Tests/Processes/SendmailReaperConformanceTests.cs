using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Testing;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Processes;

/// <summary>The reaper of the library does what every reaper must.</summary>
[Category(Needs.Root)]
public sealed class SendmailReaperConformanceTests : ProcessReaperConformance
{
    private FakeSendmail _mailer = null!;

    [SetUp]
    public void Start() => _mailer = new FakeSendmail();

    [TearDown]
    public void Stop() => _mailer?.Dispose();

    protected override IProcessReaper Make() => new SendmailReaper(_mailer.Options);

    protected override object Open(IPAddress host) => _mailer.Connect(from: host.ToString());

    protected override bool IsOpen(object session) => ((FakeClient)session).ChildIsAlive;
}
