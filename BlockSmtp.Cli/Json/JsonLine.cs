using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlockSmtp.Cli.Json;

/// <summary>Writes JSON objects, one a line. Some of it was written by attackers.</summary>
internal static class JsonLine
{
    // Angle brackets stay as they are, for whoever reads or greps; control characters never do.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one to standard output.</summary>
    public static void Write(Action<Utf8JsonWriter> members)
    {
        using var output = Console.OpenStandardOutput();
        WriteAll(output, [members], static (json, write) => write(json));
    }

    public static void WriteAll<T>(Stream output, IEnumerable<T> items, Action<Utf8JsonWriter, T> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var item in items)
        {
            Write(buffer, item, members);
            output.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }

    public static byte[] ToBytes(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, members, static (json, write) => write(json));
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));

    private static void Write<T>(ArrayBufferWriter<byte> buffer, T item, Action<Utf8JsonWriter, T> members)
    {
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json, item);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }
}
