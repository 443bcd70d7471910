using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlockSmtp.Cli.Output;

/// <summary>
/// Pieces of JSON as bytes, one behind the other: of a replay's decisions there may be hundreds of thousands, all of one form, for which a
/// writer that can do everything takes several times as long.
/// </summary>
/// <param name="output">Where they go.</param>
internal sealed class JsonText(IBufferWriter<byte> output)
{
    // No address, no time and no number is longer.
    private const int LongestValue = 64;

    // What stands in quotes as it is. All else is escaped as elsewhere.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value).Except(['"', '\\'])]);

    // Of one day are most of the times.
    private readonly byte[] _date = new byte[10];
    private long _day = -1;

    /// <summary>Adds what is JSON already.</summary>
    public void Add(ReadOnlySpan<byte> json) => output.Write(json);

    /// <summary>Adds a number.</summary>
    public void Add(long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestValue), out var length);
        output.Advance(length);
    }

    /// <summary>Adds an address, without quotes.</summary>
    public void Add(IPAddress address)
    {
        address.TryFormat(output.GetSpan(LongestValue), out var length);
        output.Advance(length);
    }

    /// <summary>Adds the inside of a text in quotes.</summary>
    public void Add(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Plain))
            output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        else
            Encoding.ASCII.GetBytes(text, output);
    }

    /// <summary>Adds a time, UTC, to the second: <c>2026-11-23T18:00:05Z</c>, without quotes.</summary>
    public void Add(DateTimeOffset time)
    {
        var ticks = time.UtcTicks;
        if (ticks / TimeSpan.TicksPerDay != _day)
        {
            _day = ticks / TimeSpan.TicksPerDay;
            time.UtcDateTime.TryFormat(_date, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        var text = output.GetSpan(LongestValue);
        _date.CopyTo(text);
        var seconds = (int)(ticks / TimeSpan.TicksPerSecond % (24 * 60 * 60));
        text[10] = (byte)'T';
        Two(text[11..], seconds / 3600);
        text[13] = (byte)':';
        Two(text[14..], seconds / 60 % 60);
        text[16] = (byte)':';
        Two(text[17..], seconds % 60);
        text[19] = (byte)'Z';
        output.Advance(20);
    }

    private static void Two(Span<byte> text, int number)
    {
        text[0] = (byte)('0' + (number / 10));
        text[1] = (byte)('0' + (number % 10));
    }
}
