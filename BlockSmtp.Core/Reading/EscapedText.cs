using System.Text;

namespace BlockSmtp.Reading;

/// <summary>
/// Bytes that anybody may have written, for a person to read: printable ASCII as it is, the rest as <c>\x1b</c>, and not too long.
/// </summary>
internal static class EscapedText
{
    private const int Most = 256;

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var letter in bytes[..Math.Min(bytes.Length, Most)])
        {
            if (letter is >= 0x20 and < 0x7f and not (byte)'\\')
                text.Append((char)letter);
            else
                text.Append("\\x").Append(letter.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        if (bytes.Length > Most)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"... ({bytes.Length} bytes)");
        return text.ToString();
    }
}
