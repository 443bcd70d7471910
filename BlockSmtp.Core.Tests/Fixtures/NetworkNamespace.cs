namespace BlockSmtp.Tests.Fixtures;

/// <summary>A network namespace of a test's own, with loopback up. Disposing ends what runs in it and removes it.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private static int _count;

    public NetworkNamespace()
    {
        Requires.Root();
        Requires.Tool("ip");
        Name = $"bsmtp-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        Command.Run("ip", "netns", "add", Name);
        Run("ip", "link", "set", "lo", "up");
    }

    public string Name { get; }

    /// <summary>The words to put before a command so that it runs in here.</summary>
    public string[] Prefix => ["ip", "netns", "exec", Name];

    public string Run(string file, params string[] arguments) =>
        Command.Run("ip", ["netns", "exec", Name, file, .. arguments]);

    public void Dispose()
    {
        foreach (var pid in Command.Try("ip", "netns", "pids", Name).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Command.Try("kill", "-KILL", pid);
        Command.Run("ip", "netns", "delete", Name);
    }
}
