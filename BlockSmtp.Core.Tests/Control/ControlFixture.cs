namespace BlockSmtp.Tests.Control;

/// <summary>An engine with a control socket, for each test anew.</summary>
public abstract class ControlFixture
{
    private protected RunningControl Running { get; private set; } = null!;

    [SetUp]
    public void Start() => Running = new RunningControl();

    [TearDown]
    public async Task End() => await Running.DisposeAsync();
}
