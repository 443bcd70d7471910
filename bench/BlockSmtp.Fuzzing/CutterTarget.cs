using BlockSmtp.Logs;

namespace BlockSmtp.Fuzzing;

/// <summary>
/// The cutter of lines, in blocks whose sizes the input decides: what it hands out is what a simple one makes of the same bytes. A byte
/// below 32 stands for a great many of its kind, as lines that are too long begin at 64 KiB.
/// </summary>
internal sealed class CutterTarget : ITarget
{
    private const int Most = 1024 * 1024;

    public void Read(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return;
        var size = 1 + (input[0] * 997);
        var text = Spread(input[1..]);
        var cutter = new LineCutter();
        var block = LineCutter.NewBlock(size);
        var handed = new List<byte>();
        var skipped = 0L;
        for (var at = 0; at < text.Length;)
        {
            cutter.MoveTo(block);
            var count = Math.Min(size, text.Length - at);
            text.AsSpan(at, count).CopyTo(LineCutter.ReadArea(block).Span);
            cutter.Add(count);
            at += count;
            while (cutter.TryTake(out var chunk))
            {
                if (chunk.Lines.Length > 0 && chunk.Lines.Span[^1] != (byte)'\n')
                    throw new Difference("half a line was handed out");
                handed.AddRange(chunk.Lines.Span);
                skipped += chunk.SkippedLines;
            }
        }

        var (expected, tooLong) = Cut(text);
        if (skipped > tooLong || !handed.SequenceEqual(expected))
            throw new Difference($"{handed.Count} bytes and {skipped} left out, should be {expected.Count} and {tooLong}");
    }

    private static byte[] Spread(ReadOnlySpan<byte> input)
    {
        var text = new List<byte>();
        foreach (var letter in input)
        {
            if (letter is >= 32 or (byte)'\n' || text.Count > Most)
                text.Add(letter);
            else
                text.AddRange(Enumerable.Repeat((byte)'x', letter * 5_461));
        }

        return [.. text];
    }

    private static (List<byte> Handed, int TooLong) Cut(byte[] text)
    {
        var handed = new List<byte>();
        var tooLong = 0;
        for (var start = 0; start < text.Length;)
        {
            var end = Array.IndexOf(text, (byte)'\n', start);
            if (end < 0)
                return (handed, tooLong + (text.Length - start > LineCutter.MaxLineLength ? 1 : 0));
            if (end - start <= LineCutter.MaxLineLength)
                handed.AddRange(text[start..(end + 1)]);
            else
                tooLong++;
            start = end + 1;
        }

        return (handed, tooLong);
    }
}
