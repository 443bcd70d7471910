using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace BlockSmtp.Sqlite;

/// <summary>From rows to what they stand for, and back.</summary>
internal static class Row
{
    /// <summary>The columns that <see cref="ToRecord(SqliteDataReader)"/> reads.</summary>
    public const string BlockColumns =
        "network, since, until, offenses, reason, evidence, first, last, recipients, source, released, release_reason, mailer, node";

    private const int MostReasons = 10_000;

    // It goes into a database and not into a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static long Time(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks;

    public static DateTimeOffset Time(long time) => DateTimeOffset.UnixEpoch.AddTicks(time);

    public static BlockRecord ToRecord(SqliteDataReader row)
    {
        var evidence = row.IsDBNull(5) ? null
            : new Evidence(
                row.GetInt32(5), Time(row.GetInt64(6)), Time(row.GetInt64(7)), ToTexts(row.GetString(8)), (PeerSource)row.GetInt32(9))
            {
                Mailer = row.IsDBNull(12) ? Mailer.Auto : (Mailer)row.GetInt32(12),
            };
        var block = ToBlock(row, 13, null, isRestored: false) with { Evidence = evidence };
        return row.IsDBNull(10) ? new BlockRecord(block) : new BlockRecord(block, Time(row.GetInt64(10)), (ReleaseReason)row.GetInt32(11));
    }

    /// <summary>The first five columns, and the one of the host that has seen it: a block without its evidence.</summary>
    private static Block ToBlock(SqliteDataReader row, int nodeAt, Dictionary<string, string>? reasons, bool isRestored) =>
        new(
            IPNetwork.Parse(row.GetString(0)), Time(row.GetInt64(1)), Time(row.GetInt64(2)), row.GetInt32(3),
            Shared(row.GetString(4), reasons))
        {
            Node = row.IsDBNull(nodeAt) ? null : Shared(row.GetString(nodeAt), reasons),
            Origin = !isRestored ? default : row.IsDBNull(nodeAt) ? BlockOrigin.Restored : BlockOrigin.Elsewhere,
        };

    /// <summary>A block that is to be in force again; the first five columns and the one of the host that has seen it.</summary>
    public static Block ToRestored(SqliteDataReader row, int nodeAt, Dictionary<string, string> reasons) =>
        ToBlock(row, nodeAt, reasons, isRestored: true);

    /// <summary>Many blocks have the same reason: it is kept once.</summary>
    private static string Shared(string reason, Dictionary<string, string>? reasons)
    {
        if (reasons is null)
            return reason;
        if (reasons.TryGetValue(reason, out var known))
            return known;
        if (reasons.Count < MostReasons)
            reasons.Add(reason, reason);
        return reason;
    }

    public static HostOffenses ToOffenses(SqliteDataReader row)
    {
        var host = IPAddress.Parse(row.GetString(0));
        using var json = JsonDocument.Parse(row.GetString(1));
        return new HostOffenses(host, [.. json
            .RootElement.EnumerateArray()
            .Select(offense => new Offense(host, Time(offense[0].GetInt64()), (OffenseKind)offense[1].GetInt32())
            {
                Source = (PeerSource)offense[2].GetInt32(),
                Recipient = offense[3].GetString(),
                Mailer = offense.GetArrayLength() > 4 ? (Mailer)offense[4].GetInt32() : Mailer.Auto,
                Sender = offense.GetArrayLength() > 5 ? (SenderKind)offense[5].GetInt32() : SenderKind.Unknown,
                Transaction = offense.GetArrayLength() > 6 ? offense[6].GetUInt64() : 0,
            })]);
    }

    public static WaitingTransaction ToWaiting(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3), Time(row.GetInt64(4)), Time(row.GetInt64(5)),
        ToTexts(row.GetString(6)));

    /// <summary><c>[[time, kind, source, "recipient", mailer, sender, transaction], …]</c></summary>
    public static string Text(IEnumerable<Offense> offenses) => Json(json =>
    {
        foreach (var offense in offenses)
        {
            json.WriteStartArray();
            json.WriteNumberValue(Time(offense.Time));
            json.WriteNumberValue((int)offense.Kind);
            json.WriteNumberValue((int)offense.Source);
            json.WriteStringValue(offense.Recipient);
            json.WriteNumberValue((int)offense.Mailer);
            json.WriteNumberValue((int)offense.Sender);
            json.WriteNumberValue(offense.Transaction);
            json.WriteEndArray();
        }
    });

    public static string Text(IEnumerable<string> texts) => Json(json =>
    {
        foreach (var text in texts)
            json.WriteStringValue(text);
    });

    private static string[] ToTexts(string text)
    {
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.EnumerateArray().Select(value => value.GetString()!)];
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartArray();
            write(json);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
