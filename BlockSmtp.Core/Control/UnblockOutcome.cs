namespace BlockSmtp.Control;

/// <summary>What is left when a block was ended.</summary>
public sealed record UnblockOutcome
{
    /// <summary>The block of a wider network, which still keeps it out; null for none.</summary>
    public Block? Wider { get; init; }

    /// <summary>How many hosts and networks in it stay blocked by themselves.</summary>
    public int Within { get; init; }
}
