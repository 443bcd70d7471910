using System.Text;
using BlockSmtp.Logs;
using CsCheck;

namespace BlockSmtp.Tests.Logs;

public class LineCutterTests
{
    private static readonly string Longest = new('x', LineCutter.MaxLineLength);

    [Test]
    public void Whole_lines_come_in_one_chunk_and_the_unfinished_one_is_held_back()
    {
        var cut = new Cut(100);
        cut.Read("a\nb\nc").Should().Equal("a\nb\n");
        cut.Read("d\n").Should().Equal("cd\n");
    }

    [Test]
    public void Nothing_comes_of_nothing()
    {
        var cut = new Cut(100);
        cut.Read("").Should().BeEmpty();
        cut.Finish(endLine: true).Should().BeNull();
    }

    [TestCase(true, "rest\n")]
    [TestCase(false, "rest")]
    public void At_the_end_the_unfinished_line_is_handed_out(bool endLine, string expected)
    {
        var cut = new Cut(100);
        cut.Read("rest").Should().BeEmpty();
        cut.Finish(endLine).Should().Be(expected);
        cut.Finish(endLine).Should().BeNull();
        cut.Read("next\n").Should().Equal("next\n");
    }

    [Test]
    public void The_longest_line_is_handed_out_whole([Values(1000, 65_536, 65_537, 200_000)] int readLength)
    {
        var cut = new Cut(readLength);
        cut.Read($"a\n{Longest}\nb\n").Should().OnlyContain(chunk => chunk.EndsWith('\n'));
        cut.All.Should().Be($"a\n{Longest}\nb\n");
        cut.Skipped.Should().Be(0);
    }

    [Test]
    public void The_longest_line_may_lack_its_line_feed([Values(1000, 65_536, 200_000)] int readLength)
    {
        var cut = new Cut(readLength);
        cut.Read(Longest).Should().BeEmpty();
        cut.Finish(endLine: true).Should().Be(Longest + "\n");
        cut.Skipped.Should().Be(0);
    }

    [Test]
    public void A_line_longer_by_one_byte_is_left_out_and_counted([Values(1000, 65_536, 65_537, 200_000)] int readLength)
    {
        var cut = new Cut(readLength);
        cut.Read($"a\n{Longest}y\nb\n");
        cut.All.Should().Be("a\nb\n");
        cut.Skipped.Should().Be(1);
    }

    [Test]
    public void Long_lines_in_a_row_are_counted_one_by_one([Values(1000, 65_537, 1_000_000)] int readLength)
    {
        var cut = new Cut(readLength);
        cut.Read($"{Longest}1\n{Longest}{Longest}2\nkept\n{Longest}3\n");
        cut.Finish(endLine: true);
        cut.All.Should().Be("kept\n");
        cut.Skipped.Should().Be(3);
    }

    [Test]
    public void The_count_comes_with_the_lines_that_follow()
    {
        var cut = new Cut(200_000);
        cut.Read($"{Longest}1\nkept\n");
        cut.Chunks.Should().ContainSingle().Which.Skipped.Should().Be(1);
    }

    [Test]
    public void A_long_line_without_end_is_counted_when_all_ends()
    {
        var cut = new Cut(1000);
        cut.Read($"a\n{Longest}{Longest}");
        cut.Finish(endLine: true).Should().BeEmpty();
        (cut.All, cut.Skipped).Should().Be(("a\n", 1));
        cut.Read("b\n").Should().Equal(["b\n"], "the long line ended where its file did");
    }

    [Test]
    public void However_a_log_is_split_into_reads_its_lines_are_the_same()
    {
        var line = Gen.Frequency(
            (20, Gen.String[Gen.Char["ab \r\0"], 0, 40]),
            (1, Gen.Int[LineCutter.MaxLineLength - 2, LineCutter.MaxLineLength + 2].Select(length => new string('x', length))),
            (1, Gen.Int[0, 300_000].Select(length => new string('y', length))));
        Gen.Select(line.Array[0, 30], Gen.Bool, Gen.Int[1, 100_000].Array[1, 50], Gen.OneOfConst(64, 5000, 100_000))
            .Sample((lines, endsLine, reads, readLength) =>
            {
                string log = string.Join('\n', lines) + (endsLine && lines.Length > 0 ? "\n" : "");
                var cut = new Cut(readLength);
                for (int at = 0, i = 0; at < log.Length; i++)
                {
                    int length = Math.Min(Math.Min(reads[i % reads.Length], readLength), log.Length - at);
                    cut.Read(log.Substring(at, length));
                    at += length;
                }
                cut.Finish(endLine: false);
                string[] all = [.. Ended(log)];
                return cut.All == string.Concat(all.Where(IsAccepted)) && cut.Skipped == all.Count(l => !IsAccepted(l));
            }, iter: 300);

        static bool IsAccepted(string line) => line.TrimEnd('\n').Length <= LineCutter.MaxLineLength;
    }

    private static IEnumerable<string> Ended(string log)
    {
        for (int at = 0; at < log.Length;)
        {
            int end = log.IndexOf('\n', at) is >= 0 and var lineFeed ? lineFeed + 1 : log.Length;
            yield return log[at..end];
            at = end;
        }
    }

    /// <summary>A cutter over two blocks in turn, fed with text.</summary>
    private sealed class Cut(int readLength)
    {
        private readonly LineCutter _cutter = new();
        private readonly byte[][] _blocks = [LineCutter.NewBlock(readLength), LineCutter.NewBlock(readLength)];
        private int _reads;

        public List<(string Text, int Skipped)> Chunks { get; } = [];

        public string All => string.Concat(Chunks.Select(chunk => chunk.Text));

        public int Skipped => Chunks.Sum(chunk => chunk.Skipped);

        public List<string> Read(string text)
        {
            int before = Chunks.Count;
            byte[] bytes = Encoding.Latin1.GetBytes(text);
            for (int at = 0; at < bytes.Length; at += readLength)
            {
                // Every third read stays in the same block, as the follower's do.
                byte[] block = _blocks[_reads++ / 3 % 2];
                _cutter.MoveTo(block);
                int count = Math.Min(readLength, bytes.Length - at);
                bytes.AsSpan(at, count).CopyTo(LineCutter.ReadArea(block).Span);
                _cutter.Add(count);
                while (_cutter.TryTake(out var chunk))
                    Keep(chunk);
            }
            return [.. Chunks.Skip(before).Select(chunk => chunk.Text)];
        }

        public string? Finish(bool endLine)
        {
            if (!_cutter.TryFinish(endLine, out var chunk))
                return null;
            Keep(chunk);
            return Chunks[^1].Text;
        }

        private void Keep(LogChunk chunk) => Chunks.Add((Encoding.Latin1.GetString(chunk.Lines.Span), chunk.SkippedLines));
    }
}
