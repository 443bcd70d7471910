using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Reading;
using BlockSmtp.Syslog;

namespace BlockSmtp.Replay;

/// <summary>Collects the words of refusals that count as no wrong guess although they may well say that there is no such mailbox.</summary>
/// <param name="refusals">Tells what counts.</param>
internal sealed class UncountedWords(RefusalTexts refusals)
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Add(in SyslogLine line)
    {
        var words = AnyGrammar.WordsOfRefusal(line).TrimEnd("\r"u8);
        if (!refusals.MaySayUnknown(words))
            return;
        words = WithoutAddresses(words);
        if (words.IsEmpty)
            return;
        var text = Encoding.UTF8.GetString(words);
        _counts[text] = _counts.GetValueOrDefault(text) + 1;
    }

    /// <summary>The most frequent first.</summary>
    public IReadOnlyList<UncountedRefusal> ByCount() =>
    [
        .. _counts.Select(pair => new UncountedRefusal(pair.Key, pair.Value))
            .OrderByDescending(refusal => refusal.Count).ThenBy(refusal => refusal.Text, StringComparer.Ordinal),
    ];

    /// <summary>
    /// What follows the last word that looks like an address, as that is another one in each line, and the end of a text is what is
    /// compared.
    /// </summary>
    private static ReadOnlySpan<byte> WithoutAddresses(ReadOnlySpan<byte> words)
    {
        var last = words.LastIndexOfAny("@<>\""u8);
        if (last >= 0)
        {
            var space = words[last..].IndexOf((byte)' ');
            words = space < 0 ? default : words[(last + space)..];
        }

        return words.TrimStart(" :;,.-"u8);
    }
}
