namespace BlockSmtp.Grammars;

/// <summary>How the words of a refusal are read in one mail server's lines, once nothing of a client's is in them.</summary>
internal interface IRefusalReader
{
    /// <summary>Whether words say that there is no such mailbox.</summary>
    /// <param name="words">The words.</param>
    /// <param name="sender">The sender in its brackets; empty for none.</param>
    /// <param name="refusals">Tells what a site's words say.</param>
    static abstract bool SayUnknown(ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender, RefusalTexts refusals);

    /// <summary>Whether they say so in the mail server's own words or by a code, whatever a site has written before that.</summary>
    static abstract bool AreServers(ReadOnlySpan<byte> words);

    /// <summary>What of them a site has written, or another server.</summary>
    static abstract ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> words);
}
