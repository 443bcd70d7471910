namespace BlockSmtp.Scoring;

/// <summary>A recipient that was named to a mail server, and its answer.</summary>
/// <param name="Time">When it was named, UTC.</param>
/// <param name="NameKey">The name as a number, equal for equal names; 0 where it is not known.</param>
/// <param name="IsRight">Whether there is such a recipient.</param>
internal readonly record struct ScoredRecipient(DateTimeOffset Time, ulong NameKey, bool IsRight)
{
    /// <summary>The members with their values, in no culture.</summary>
    public override string ToString() => RecordText.Show(nameof(ScoredRecipient), PrintMembers);

    /// <summary>A name as a number.</summary>
    /// <param name="name">The name, without its domain.</param>
    /// <returns>Never 0. Small and capital letters are the same.</returns>
    public static ulong KeyOf(ReadOnlySpan<char> name)
    {
        // FNV-1a: nobody gains by names of a score that share a number.
        var hash = 0xCBF29CE484222325;
        foreach (var letter in name)
            hash = (hash ^ char.ToLowerInvariant(letter)) * 0x100000001B3;
        return Math.Max(1, hash);
    }
}
