using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>
/// What other servers have said last of the recipients that they were asked for (callouts): a mail server remembers it, and from then on
/// its log does not tell what it was. Bounded.
/// </summary>
internal sealed class Callouts
{
    private const int Most = 16_384;

    private readonly AgingTable<int, bool> _areUnknown = new(Most);

    /// <summary>A server has refused a recipient.</summary>
    /// <param name="recipient">The recipient; empty for one that is not known.</param>
    /// <param name="isUnknown">Whether it has said that there is no such mailbox.</param>
    public void Note(ReadOnlySpan<byte> recipient, bool isUnknown)
    {
        if (!recipient.IsEmpty)
            _areUnknown.Touch(NumberOf(recipient), out _, out _) = isUnknown;
    }

    /// <summary>Whether it is known what a server has said of a recipient last.</summary>
    /// <inheritdoc cref="Note"/>
    public bool TryFind(ReadOnlySpan<byte> recipient, out bool isUnknown) => _areUnknown.TryGet(NumberOf(recipient), out isUnknown);

    // With its case and what follows a plus sign: what is said of one of them is true of no other.
    private static int NumberOf(ReadOnlySpan<byte> recipient)
    {
        var hash = default(HashCode);
        hash.AddBytes(recipient.TrimStart((byte)'<').TrimEnd((byte)'>'));
        return hash.ToHashCode();
    }
}
