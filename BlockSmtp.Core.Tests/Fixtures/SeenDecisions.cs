using System.Globalization;
using System.Net;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>Writes down every decision as a line of text.</summary>
internal sealed class SeenDecisions : IEngineObserver
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public int Offenses { get; private set; }

    public List<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public void OnOffense(in Offense offense) => Offenses++;

    public void OnBlocked(Block block) =>
        Add(block.Since, $"block {block.Network.BaseAddress} {block.Offenses} until {block.Until:HH:mm:ss}");

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) =>
        Add(time, $"unblock {block.Network.BaseAddress} {reason}");

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason) =>
        Add(time, $"ignore {peer} {offenses} {reason}");

    public void OnSessionEnded(EndedSession session) => Add(default, $"ended {session.Peer} {session.Means}");

    private void Add(DateTimeOffset time, string what)
    {
        lock (_lock)
            _lines.Add(time == default ? what : string.Create(CultureInfo.InvariantCulture, $"{time:HH:mm:ss} {what}"));
    }
}
