using BlockSmtp.Grammars;
using BlockSmtp.Sendmail;

namespace BlockSmtp.Transactions;

/// <summary>The names of offenses that wait for their client. Lists of them are used again, as most wait for moments only.</summary>
/// <param name="areWanted">Whether somebody wants names at all.</param>
internal sealed class WaitingNames(bool areWanted)
{
    // Of the many that may wait in one transaction so many have their names; the policy takes the others for different ones.
    private const int Most = 100;
    private const int MostSpare = 256;

    private readonly Stack<List<TriedName>> _spare = new();

    /// <summary>The names that an earlier run has kept.</summary>
    public List<TriedName>? Of(IReadOnlyList<string> recipients)
    {
        if (!areWanted || recipients.Count == 0)
            return null;
        return [.. recipients.Select(text =>
        {
            var (key, order) = RecipientName.OfTried(text);
            return new TriedName(key, order, text);
        })];
    }

    /// <summary>The texts that are kept; of them no more than evidence has.</summary>
    public static IReadOnlyList<string> TextsOf(List<TriedName>? names) =>
        names is null ? [] : [.. names.Select(name => name.Text).OfType<string>().Take(Evidence.MaxRecipients)];

    /// <summary>Reads a name as far as somebody wants it.</summary>
    public TriedName Read(ReadOnlySpan<byte> recipient, bool keepsText)
    {
        if (!areWanted)
            return default;
        var (key, order) = RecipientName.OfTried(recipient);
        return new TriedName(key, order, keepsText ? RecipientText.Show(recipient) : null);
    }

    /// <summary>Keeps one more name; null stands for none yet.</summary>
    public void Add(ref List<TriedName>? names, in TriedName name)
    {
        if (!areWanted || names?.Count >= Most)
            return;
        names ??= _spare.TryPop(out var spare) ? spare : [];
        names.Add(name.Text is not null && names.Count >= Evidence.MaxRecipients ? name with { Text = null } : name);
    }

    /// <summary>Nobody needs the names any more.</summary>
    public void GiveBack(ref List<TriedName>? names)
    {
        if (names is not null && _spare.Count < MostSpare)
        {
            names.Clear();
            _spare.Push(names);
        }

        names = null;
    }
}
