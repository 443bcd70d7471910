namespace BlockSmtp;

/// <summary>What told which host made a wrong guess.</summary>
public enum PeerSource
{
    /// <summary>The live connection of the sendmail process that logged it (<see cref="IPeerLookup"/>).</summary>
    Connection,

    /// <summary>A later line of the same transaction, such as <c>from=…, relay=…</c>.</summary>
    LaterLine,

    /// <summary>The line <c>connect from …</c> of the same process, which sendmail writes at LogLevel 10 and above.</summary>
    ConnectLine,

    /// <summary>The line itself, as with a <c>VRFY</c>.</summary>
    SameLine,

    /// <summary>The mail server itself, which has asked a milter before it answered.</summary>
    Milter,

    /// <summary>A program or a machine elsewhere (<see cref="DetectionEngine.Report(in Offense)"/>).</summary>
    Elsewhere,
}
