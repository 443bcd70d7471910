using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes JSON objects to standard output, one a line. Some of it was written by attackers.</summary>
internal static class JsonLine
{
    // Angle brackets stay as they are, for whoever reads or greps; control characters never do.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            using (var json = new Utf8JsonWriter(buffer, Options))
            {
                json.WriteStartObject();
                members(json, item);
                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
            output.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }
}
