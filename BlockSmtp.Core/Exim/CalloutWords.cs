using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>
/// What a refusal tells of a callout. Exim asks the other server once, logs its answer once, and remembers for hours that it was a refusal,
/// but not which.
/// </summary>
internal static class CalloutWords
{
    // Most lines are shorter than any with an answer.
    private const int ShortestLine = 56;

    private static ReadOnlySpan<byte> Question => "RCPT TO:<"u8;

    /// <summary>What it says then.</summary>
    public static ReadOnlySpan<byte> Memory => "Previous (cached) callout verification failure"u8;

    /// <summary>What a refusal that counts tells.</summary>
    /// <param name="text">The recipient, a colon, and why it was refused.</param>
    /// <param name="sender">The sender in its brackets, for whom a server may be asked too; empty for none.</param>
    /// <param name="mayBeClaim">Whether a client may have written what looks like an answer, which then speaks against nobody else.</param>
    /// <param name="recipient">The recipient that another server was asked for; empty where the line does not tell for certain.</param>
    public static CalloutAnswer OfGuess(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> sender, bool mayBeClaim, out ReadOnlySpan<byte> recipient)
    {
        recipient = default;
        if (text.EndsWith(Memory))
            return IsMemory(text, out recipient) ? CalloutAnswer.Remembered : CalloutAnswer.None;
        return !mayBeClaim && IsAnswer(text, sender, out recipient) ? CalloutAnswer.SaysUnknown : CalloutAnswer.None;
    }

    /// <summary>Whether another server was asked for a recipient and has answered.</summary>
    /// <inheritdoc cref="OfGuess"/>
    public static bool IsAnswer(ReadOnlySpan<byte> text, ReadOnlySpan<byte> sender, out ReadOnlySpan<byte> recipient)
    {
        recipient = default;
        if (text.Length < ShortestLine || text.IndexOf(Question) < 0)
            return false;
        recipient = RefusedRecipient.WholeIn(text, out var words);
        if (recipient.IsEmpty || !RefusalWords.AreReply(words, out var isToRecipient) || !isToRecipient)
            return false;
        var asked = words[(words.IndexOf(Question) + Question.Length)..];
        return sender.IsEmpty || sender.SequenceEqual(recipient) || !asked.StartsWith(sender[1..]);
    }

    /// <summary>Whether it is Exim's memory, or that of the server which it has asked; a name that holds the same hides nothing.</summary>
    private static bool IsMemory(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> recipient)
    {
        recipient = RefusedRecipient.WholeIn(text, out var words);
        var before = words.Length - Memory.Length;
        return before >= 0 && (before == 0 || words[before - 1] == ' ') && text[..^words.Length].IndexOf(Memory) < 0;
    }
}
