using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>The lines of one transaction, without stamp and host, which are known only when a line is written.</summary>
internal sealed class Transaction
{
    // Twelve guesses with two copies of a long recipient each, and more than enough.
    private readonly byte[] _text = new byte[16 * 1024];
    private readonly int[] _ends = new int[64];
    private int _length;
    private int _next;

    public int Lines { get; private set; }

    public bool IsEmpty => _next == Lines;

    public void Clear() => (_length, _next, Lines) = (0, 0, 0);

    /// <summary>Adds a line: <c>transaction.Add($"sm-mta[{pid}]: {text}")</c>, all in ASCII.</summary>
    public void Add([InterpolatedStringHandlerArgument("")] ref LineText line) => _ends[Lines++] = _length = line.End;

    /// <summary>The next line to be written.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var start = _next == 0 ? 0 : _ends[_next - 1];
        return _text.AsSpan(start.._ends[_next++]);
    }

    /// <summary>Writes the parts of a line into the transaction without making a string of them.</summary>
    [InterpolatedStringHandler]
    public ref struct LineText
    {
        private readonly byte[] _text;

        public LineText(int literalLength, int formattedCount, Transaction transaction)
        {
            _text = transaction._text;
            End = transaction._length;
        }

        public int End { get; private set; }

        public void AppendLiteral(string text) => AppendFormatted(text);

        public void AppendFormatted(string text)
        {
            Utf8.FromUtf16(text, _text.AsSpan(End), out _, out var written);
            End += written;
        }

        public void AppendFormatted(byte[] text)
        {
            text.CopyTo(_text, End);
            End += text.Length;
        }

        public void AppendFormatted(char letter) => _text[End++] = (byte)letter;

        public void AppendFormatted(long number, string? format = null)
        {
            Utf8Formatter.TryFormat(
                number, _text.AsSpan(End), out var written, format is null ? default : System.Buffers.StandardFormat.Parse(format));
            End += written;
        }
    }
}
