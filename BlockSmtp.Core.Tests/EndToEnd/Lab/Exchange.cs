namespace BlockSmtp.Tests.EndToEnd;

/// <summary>One command of a client and what it got for it.</summary>
/// <param name="Sent">The line without its end; empty for the greeting.</param>
/// <param name="Reply">The whole reply, lines joined with newlines; null where none came.</param>
internal sealed record Exchange(string Sent, string? Reply)
{
    /// <summary>Whether the server told the client that a name is wrong: what a guesser is after, and what it must not get.</summary>
    public bool IsUnknownUser =>
        Sent.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase)
        && Reply is ['5', ..]
        && Array.Exists(Words, words => Reply.EndsWith(words, StringComparison.Ordinal));

    /// <summary>Those of sendmail, Postfix and Exim.</summary>
    private static readonly string[] Words = ["... User unknown", ": User unknown in local recipient table", " Unrouteable address"];

    public override string ToString() => $"{Sent} -> {Reply ?? "nothing"}";
}
