using System.Globalization;
using System.Net;
using System.Text;

namespace BlockSmtp.Fleet;

/// <summary>
/// Facts as lines of text, several of which make one entry of a stream: what (o: offense, d: delivery, e: end), host, milliseconds ago, and
/// what there is beside that. The name that was tried comes last and goes to the end of its line.
/// </summary>
internal static class FactLines
{
    /// <summary>The most facts of one entry.</summary>
    public const int MostFacts = 64;

    private const long OldestMilliseconds = 31L * 24 * 3600 * 1000;
    private const string Senders = "uns";

    // r, p, e, as OffenseKind has them.
    private const string Kinds = "rpe";

    public static string Write(IEnumerable<FleetWord> facts)
    {
        var text = new StringBuilder();
        foreach (var fact in facts)
        {
            if (text.Length > 0)
                text.Append('\n');
            var age = Math.Clamp((long)fact.Age.TotalMilliseconds, 0, OldestMilliseconds);
            text.Append(CultureInfo.InvariantCulture, $"{KindOf(fact.Kind)} {fact.Network.BaseAddress} {age}");
            if (fact.Kind == FleetWordKind.Offense)
            {
                var kind = Kinds[(int)fact.OffenseKind];
                text.Append(
                    CultureInfo.InvariantCulture, $" {kind} {Senders[(int)fact.Sender]} {fact.Transaction:x} {Line(fact.Recipient)}");
            }
            else if (fact.Kind == FleetWordKind.End)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $" {Senders[(int)fact.Sender]} {fact.Transaction:x} {Math.Max(0, fact.Recipients)} {(fact.IsTaken ? 1 : 0)}");
            }
        }

        return text.ToString();
    }

    /// <summary>Reads the facts of an entry; in place of what is none comes null.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="node">Who has said them.</param>
    /// <param name="age">How long ago that was.</param>
    public static IEnumerable<FleetWord?> Read(string text, string node, TimeSpan age)
    {
        foreach (var line in text.Split('\n', MostFacts + 1).Take(MostFacts))
            yield return Fact(line, node, age);
    }

    private static FleetWord? Fact(string line, string node, TimeSpan age)
    {
        var parts = line.Split(' ', 7);
        if (parts.Length < 3 || !NetworkText.TryParse(parts[1], out var host) || parts[1].Contains('/', StringComparison.Ordinal)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var before) || before > OldestMilliseconds)
            return null;
        var since = age + TimeSpan.FromMilliseconds(before);
        switch (parts[0])
        {
            case "d" when parts.Length == 3:
                return new FleetWord(node, FleetWordKind.Delivery, host) { Age = since };
            case "o" when parts is [_, _, _, "r" or "p" or "e", var sender, var transaction, var name]
                && SenderOf(sender) is { } kind
                && Transaction(transaction) is { } number:
                return new FleetWord(node, FleetWordKind.Offense, host)
                {
                    Age = since,
                    OffenseKind = (OffenseKind)Kinds.IndexOf(parts[3][0], StringComparison.Ordinal),
                    Sender = kind,
                    Transaction = number,
                    Recipient = name.Length == 0 ? null : name.Length <= FleetWord.LongestText ? name : name[..FleetWord.LongestText],
                };
            case "e" when parts is [_, _, _, var sender, var transaction, var recipients, "0" or "1"]
                && SenderOf(sender) is { } kind
                && Transaction(transaction) is { } number
                && int.TryParse(recipients, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                return new FleetWord(node, FleetWordKind.End, host)
                {
                    Age = since,
                    Sender = kind,
                    Transaction = number,
                    Recipients = count,
                    IsTaken = parts[6] == "1",
                };
            default:
                return null;
        }
    }

    private static char KindOf(FleetWordKind kind) => kind switch { FleetWordKind.Offense => 'o', FleetWordKind.Delivery => 'd', _ => 'e' };

    private static SenderKind? SenderOf(string text) =>
        text.Length == 1 && Senders.IndexOf(text[0], StringComparison.Ordinal) is >= 0 and var index ? (SenderKind)index : null;

    private static ulong? Transaction(string text) =>
        text.Length <= 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Line(string? name) => name is null ? ""
        : name.Length <= FleetWord.LongestText ? name.ReplaceLineEndings("?")
        : name[..FleetWord.LongestText].ReplaceLineEndings("?");
}
