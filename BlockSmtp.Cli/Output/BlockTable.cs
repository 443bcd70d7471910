using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using BlockSmtp.Cli.Json;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes blocks as lines: for a person in columns, for a program as JSON.</summary>
internal static class BlockTable
{
    private static readonly IComparer<byte[]> Bytes = Comparer<byte[]>.Create(static (one, other) => one.AsSpan().SequenceCompareTo(other));

    /// <summary>IPv4 before IPv6, and each by its number.</summary>
    public static IReadOnlyList<Block> Sort(IEnumerable<Block> blocks) =>
        [.. blocks.OrderBy(block => block.Network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
            .ThenBy(block => block.Network.BaseAddress.GetAddressBytes(), Bytes).ThenBy(block => block.Network.PrefixLength)];

    public static void Write(TextWriter output, IReadOnlyList<Block> blocks, DateTimeOffset now)
    {
        if (blocks.Count == 0)
        {
            output.WriteLine("nobody is blocked");
            return;
        }

        var width = Math.Max("address".Length, blocks.Max(block => NameOf(block.Network).Length));
        var left = Math.Max("left".Length, blocks.Max(block => Left(block, now).Length));
        output.WriteLine($"{"address".PadRight(width)}  {"until",-23}  {"left".PadLeft(left)}  guesses  reason");
        foreach (var block in blocks)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{NameOf(block.Network).PadRight(width)}  {Until(block),-23}  {Left(block, now).PadLeft(left)}  {block.Offenses,7}  ")
                + WhyOf(block));
        }
    }

    public static void Write(TextWriter output, IReadOnlyList<BlockRecord> history)
    {
        if (history.Count == 0)
        {
            output.WriteLine("nothing was blocked");
            return;
        }

        var width = Math.Max("address".Length, history.Max(record => NameOf(record.Block.Network).Length));
        output.WriteLine($"{"blocked",-23}  {"until",-23}  {"address".PadRight(width)}  guesses  {"ended",-12}  reason");
        foreach (var record in history)
        {
            var (block, name) = (record.Block, NameOf(record.Block.Network).PadRight(width));
            var end = record.ReleasedAt is { } ended ? SpanText.Show(ended) : Until(block);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{SpanText.Show(block.Since)}  {end,-23}  {name}  {block.Offenses,7}  {End(record),-12}  ")
                + WhyOf(block));
        }
    }

    public static void WriteJson(Stream output, IEnumerable<Block> blocks) => JsonLine.WriteAll(output, blocks, WriteMembers);

    public static void WriteJson(Stream output, IEnumerable<BlockRecord> history) => JsonLine.WriteAll(output, history, WriteMembers);

    public static void WriteMembers(Utf8JsonWriter json, BlockRecord record)
    {
        WriteMembers(json, record.Block);
        if (record.ReleasedAt is { } ended)
            json.WriteTime("ended", ended);
        if (record.ReleaseReason is not null)
            json.WriteString("ended_by", End(record));
    }

    /// <summary>As a person writes it: a single host without its prefix length.</summary>
    public static string NameOf(IPNetwork network) => NetworkText.Show(network);

    /// <summary>Until when it is blocked, as the end of a sentence.</summary>
    public static string EndOf(Block block) => block.IsForGood ? "for good" : $"until {SpanText.Show(block.Until)}";

    public static string End(BlockRecord record) => record.ReleaseReason switch
    {
        null => "in force",
        ReleaseReason.Expired => "expired",
        ReleaseReason.WhiteListed => "white-listed",
        ReleaseReason.Requested => "unblocked",
        ReleaseReason.Crowded => "crowded out",
        ReleaseReason.Unfounded => "unfounded",
        ReleaseReason.Elsewhere => "elsewhere",
        _ => "replaced",
    };

    /// <summary>Why it is blocked, and which host of the fleet has said so or seen it.</summary>
    public static string WhyOf(Block block) =>
        block.Node is null ? Printable.Show(block.Reason) : $"{Printable.Show(block.Reason)} ({Printable.Show(block.Node)})";

    private static string Until(Block block) => block.IsForGood ? "for good" : SpanText.Show(block.Until);

    private static string Left(Block block, DateTimeOffset now) => block.IsForGood ? "-" : SpanText.Show(block.Until - now);

    /// <summary>A mail server as it writes its name.</summary>
    public static string NameOf(Mailer mailer) => mailer == Mailer.Sendmail ? "sendmail" : mailer.ToString();

    public static void WriteMembers(Utf8JsonWriter json, Block block)
    {
        json.WriteString("address", NameOf(block.Network));
        json.WriteTime("since", block.Since);
        json.WriteTime("until", block.Until);
        if (block.IsForGood)
            json.WriteBoolean("for_good", true);
        json.WriteNumber("offenses", block.Offenses);
        json.WriteString("reason", Printable.Show(block.Reason));
        if (block.Node is { } node)
            json.WriteString("node", Printable.Show(node));
        if (block.Evidence is not { } evidence)
            return;
        json.WriteTime("first_offense", evidence.First);
        json.WriteTime("last_offense", evidence.Last);
        if (evidence.Mailer != Mailer.Auto)
            json.WriteString("mailer", NameOf(evidence.Mailer).ToLowerInvariant());
        json.WriteStartArray("recipients");
        foreach (var name in evidence.Recipients)
            json.WriteStringValue(Printable.Show(name));
        json.WriteEndArray();
    }
}
