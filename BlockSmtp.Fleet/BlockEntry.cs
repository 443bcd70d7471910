using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace BlockSmtp.Fleet;

/// <summary>
/// A block or release as an entry of the stream: version, node, what (b: block, r: release, u: unfounded), network and, of a block,
/// milliseconds left, offenses and why. When it was said is the entry's id, by the server's clock.
/// </summary>
internal static class BlockEntry
{
    private static readonly RedisValue Version = "1";

    // A hundred years, which is for good.
    private const long MostLeft = 3_155_760_000_000;

    public static NameValueEntry[] Of(FleetWord word)
    {
        var what = word.Kind == FleetWordKind.Block ? "b" : word.IsUnfounded ? "u" : "r";
        return
        [
            new("v", Version), new("n", word.Node), new("o", what), new("net", word.Network.ToString()),
            .. word.Kind == FleetWordKind.Block
                ? new NameValueEntry[]
                {
                    new("for", Math.Clamp((long)word.Left.TotalMilliseconds, 0, MostLeft)), new("c", word.Offenses), new(
                        "w", Cut(word.Reason ?? "")),
                }
                : [],
        ];
    }

    /// <summary>Reads an entry; null for what is none.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="serverNow">What the server's clock says, in milliseconds since 1970.</param>
    public static FleetWord? Read(in StreamEntry entry, long serverNow)
    {
        if (entry.IsNull || entry.Values.Length is < 4 or > 16 || (string?)entry["v"] != "1" || TimeOf(entry.Id) is not { } saidAt)
            return null;
        var (node, what, network) = (Text(entry["n"], FleetWord.LongestNode), Text(entry["o"], 1), Text(entry["net"], 64));
        if (node is null || what is null || network is null || !NetworkText.TryParse(network, out var read))
            return null;
        var age = TimeSpan.FromMilliseconds(Math.Clamp(serverNow - saidAt, 0, MostLeft));
        if (what is "r" or "u")
            return new FleetWord(node, FleetWordKind.Release, read) { Age = age, IsUnfounded = what == "u" };
        if (what != "b"
            || Number(entry["for"]) is not { } left
            || left < 0
            || Number(entry["c"]) is not (>= 0 and <= int.MaxValue and var offenses))
            return null;
        return new FleetWord(node, FleetWordKind.Block, read)
        {
            Age = age,
            Left = TimeSpan.FromMilliseconds(Math.Min(left, MostLeft)) - age,
            Offenses = (int)offenses,
            Reason = Text(entry["w"], FleetWord.LongestText * 4) is { Length: > 0 } reason ? Cut(reason) : null,
        };
    }

    /// <summary>When an entry was added, in milliseconds since 1970 by the server's clock.</summary>
    public static long? TimeOf(RedisValue id)
    {
        var text = (string?)id ?? "";
        var hyphen = text.IndexOf('-', StringComparison.Ordinal);
        return hyphen > 0 && long.TryParse(text.AsSpan(0, hyphen), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? time
            : null;
    }

    /// <summary>A text that is not too long; null for one that is, or none.</summary>
    public static string? Text(RedisValue value, int longest) =>
        !value.IsNull && value.Length() <= longest * 4L && (string?)value is { } text && text.Length <= longest ? text : null;

    public static long? Number(RedisValue value) =>
        Text(value, 20) is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>A word as it will be read.</summary>
    public static FleetWord AsRead(FleetWord word) =>
        word.Left.TotalMilliseconds <= MostLeft ? word : word with { Left = TimeSpan.FromMilliseconds(MostLeft) };

    private static string Cut(string text) => text.Length <= FleetWord.LongestText ? text : text[..FleetWord.LongestText];
}
