namespace BlockSmtp.Control;

/// <summary>
/// What a <see cref="ControlServer"/> answers: one JSON object on one line. Which members are set depends on what was asked.
/// </summary>
internal sealed record ControlReply
{
    /// <summary>The version of the protocol.</summary>
    public int Version { get; init; } = ControlRequest.CurrentVersion;

    /// <summary>Whether it was done.</summary>
    public bool Ok { get; init; } = true;

    /// <summary>Why it was not done; null when it was.</summary>
    public ControlError? Error { get; init; }

    /// <summary>To <c>status</c>.</summary>
    public DaemonStatus? Status { get; init; }

    /// <summary>To <c>list</c>, in any order.</summary>
    public IReadOnlyList<Block>? Blocks { get; init; }

    /// <summary>To <c>why</c>.</summary>
    public HostExplanation? Explanation { get; init; }

    /// <summary>To <c>why</c> of a network.</summary>
    public NetworkExplanation? Network { get; init; }

    /// <summary>
    /// To <c>history</c> and, the blocks of the host that are over, to <c>why</c>; the latest first. Null where nothing is kept.
    /// </summary>
    public IReadOnlyList<BlockRecord>? History { get; init; }

    /// <summary>To <c>block</c>.</summary>
    public Block? Block { get; init; }

    /// <summary>To <c>block</c>: true when it is a block that there was, which lasts longer.</summary>
    public bool? Kept { get; init; }

    /// <summary>To <c>unblock</c>: how many blocks were ended.</summary>
    public int? Released { get; init; }

    /// <summary>To <c>unblock</c>: the block of a wider network that it is still in; null for none.</summary>
    public Block? Wider { get; init; }

    /// <summary>To <c>unblock</c>: how many blocks of hosts and networks within it go on; null for none.</summary>
    public int? Within { get; init; }

    /// <summary>To <c>activity</c>.</summary>
    public ActivityReport? Activity { get; init; }

    /// <summary>To <c>reload</c>.</summary>
    public ReloadReport? Reload { get; init; }

    /// <summary>To <c>hear</c>.</summary>
    public FleetNews? News { get; init; }
}
