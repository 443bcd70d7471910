using System.IO.Pipes;
using System.Text;
using BlockSmtp.Logs;
using CsCheck;

namespace BlockSmtp.Tests.Logs;

public class ReplayLogSourceTests
{
    private LogDirectory _logs = null!;

    [SetUp]
    public void MakeDirectory() => _logs = new();

    [TearDown]
    public void RemoveDirectory() => _logs.Dispose();

    [Test]
    public void Several_logs_are_one_stream_in_the_order_given()
    {
        ReadLines(_logs.Write("b", "1\n2\n"), _logs.Write("a", "3\n")).Should().Equal("1", "2", "3");
    }

    [Test]
    public void A_compressed_log_is_unpacked()
    {
        ReadLines(_logs.WriteCompressed("mail.log.2.gz", "1\n2\n"), _logs.Write("mail.log.1", "3\n")).Should().Equal("1", "2", "3");
    }

    [Test]
    public void A_compressed_log_of_several_members_is_read_to_its_end()
    {
        ReadLines(_logs.WriteCompressed("log.gz", "1\n2", "3\n", "4\n")).Should().Equal("1", "23", "4");
    }

    [Test]
    public void An_empty_log_is_no_trouble()
    {
        ReadLines(_logs.Write("empty", ""), _logs.Write("a", "1\n"), _logs.Write("empty.gz", "")).Should().Equal("1");
    }

    [Test]
    public void The_last_line_of_one_log_is_not_glued_to_the_first_of_the_next()
    {
        ReadLines(_logs.Write("a", "1\n2"), _logs.WriteCompressed("b.gz", "3"), _logs.Write("c", "4")).Should()
            .Equal("1", "2", "3", "4");
    }

    [Test]
    public void The_very_last_line_is_handed_out_as_it_is()
    {
        ReadBytes(_logs.Write("a", "1\n2")).Should().Equal("1\n2"u8.ToArray());
    }

    [Test]
    public void Carriage_returns_and_NUL_bytes_are_handed_out_as_they_are()
    {
        ReadBytes(_logs.Write("a", "1\r\n\0\0x\0\n")).Should().Equal("1\r\n\0\0x\0\n"u8.ToArray());
    }

    [Test]
    public void Standard_input_takes_its_place_in_the_order()
    {
        var source = new ReplayLogSource(
            [_logs.Write("a", "1\n"), "-", _logs.Write("b", "4\n")], new MemoryStream("2\n3"u8.ToArray()));
        Lines(source).Should().Equal("1", "2", "3", "4");
        source.TotalBytes.Should().BeNull("nobody knows how much there is on standard input");
    }

    [Test]
    public void A_named_pipe_is_read_to_its_end()
    {
        string pipe = _logs.At("pipe");
        Fixtures.Command.Run("mkfifo", pipe);
        var writer = Task.Run(() => File.WriteAllText(pipe, "1\n2\n"));
        ReadLines(pipe).Should().Equal("1", "2");
        writer.Wait();
    }

    [Test]
    public void Long_lines_are_left_out_and_counted([Values] bool compressed)
    {
        string text = $"1\n{new string('x', 10_000_000)}\n2\n{new string('y', LineCutter.MaxLineLength)}\n3\n";
        string log = compressed ? _logs.WriteCompressed("log.gz", text) : _logs.Write("log", text);
        var chunks = Chunks.Of(new ReplayLogSource([log]))
            .Select(chunk => (Lines: Chunks.Lines(chunk).ToList(), chunk.SkippedLines)).ToList();
        chunks.SelectMany(chunk => chunk.Lines).Should().Equal("1", "2", new string('y', LineCutter.MaxLineLength), "3");
        chunks.Sum(chunk => chunk.SkippedLines).Should().Be(1);
    }

    [Test]
    public void Every_byte_of_a_large_log_comes_once_and_in_order([Values] bool compressed)
    {
        string text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"Nov 23 18:00:03 mail1 sm-mta[{i}]: line\n"));
        string log = compressed ? _logs.WriteCompressed("log.gz", text) : _logs.Write("log", text);
        var source = new ReplayLogSource([log]);
        Encoding.Latin1.GetString(Bytes(source)).Should().Be(text);
        source.BytesRead.Should().Be(text.Length);
        source.TotalBytes.Should().Be(new FileInfo(log).Length);
        source.Position.Should().Be(source.TotalBytes);
    }

    [Test]
    public void Progress_never_goes_back_and_ends_at_the_total()
    {
        string lines = string.Concat(Enumerable.Repeat("a line of some length to fill a block\n", 50_000));
        var source = new ReplayLogSource([_logs.Write("a", lines), _logs.WriteCompressed("b.gz", lines)]);
        source.TotalBytes.Should().BeNull();
        var positions = Chunks.Of(source).Select(_ => source.Position).ToList();
        positions.Should().BeInAscendingOrder().And.HaveCountGreaterThan(4);
        source.Position.Should().Be(source.TotalBytes);
        source.BytesRead.Should().Be(2 * lines.Length);
    }

    [Test]
    public void A_missing_log_is_named_before_anything_is_read()
    {
        var source = new ReplayLogSource([_logs.Write("a", "1\n"), _logs.At("missing")]);
        source.Invoking(s => Lines(s)).Should().Throw<FileNotFoundException>()
            .WithMessage($"{_logs.At("missing")}: no such file: *");
        source.BytesRead.Should().Be(0);
    }

    [Test]
    public void A_directory_is_named_before_anything_is_read()
    {
        var source = new ReplayLogSource([_logs.Write("a", "1\n"), _logs.At("")]);
        source.Invoking(s => Lines(s)).Should().Throw<IOException>().WithMessage($"{_logs.At("")}: is a directory: *");
        source.BytesRead.Should().Be(0);
    }

    [Test]
    public void A_file_that_is_no_gzip_in_spite_of_its_name_is_named()
    {
        string log = _logs.Write("log.gz", "1\n2\n");
        new ReplayLogSource([log]).Invoking(s => Lines(s)).Should().Throw<IOException>().WithMessage($"{log}: *gzip -t");
    }

    [Test]
    public void What_comes_before_the_damage_of_a_compressed_log_is_handed_out()
    {
        string text = string.Concat(Enumerable.Range(0, 500_000).Select(i => $"{i} {i * 7919L}\n"));
        string log = _logs.WriteCompressed("log.gz", text);
        byte[] bytes = File.ReadAllBytes(log);
        bytes.AsSpan(bytes.Length - 100).Clear();
        File.WriteAllBytes(log, bytes);
        var lines = new List<string>();
        Action read = () =>
        {
            foreach (var chunk in Chunks.Of(new ReplayLogSource([log])))
                lines.AddRange(Chunks.Lines(chunk));
        };
        read.Should().Throw<IOException>().WithMessage($"{log}: *gzip -t");
        lines.Should().HaveCountGreaterThan(1000).And.Equal(text.Split('\n').Take(lines.Count));
    }

    [Test]
    public void A_replay_without_a_log_is_refused()
    {
        FluentActions.Invoking(() => new ReplayLogSource([])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new ReplayLogSource([""])).Should().Throw<ArgumentException>();
    }

    [Test]
    public async Task Cancelling_ends_it_even_while_standard_input_is_silent()
    {
        using var server = new AnonymousPipeServerStream(PipeDirection.Out);
        var client = new AnonymousPipeClientStream(PipeDirection.In, server.ClientSafePipeHandle);
        using var reader = new SourceReader(new ReplayLogSource(["-"], client));
        server.Write("1\n"u8);
        (await reader.NextLineAsync()).Should().Be("1");
        (await reader.CancelAsync()).Should().BeEmpty();
    }

    [Test]
    public void However_a_log_is_split_into_files_its_lines_are_the_same()
    {
        Gen.Select(Gen.String[Gen.Char["ab\r\0"], 0, 20].Array[1, 40], Gen.Bool.Array[40], Gen.Bool).Sample((lines, cuts, endsLine) =>
        {
            using var logs = new LogDirectory();
            var paths = new List<string>();
            var text = new StringBuilder();
            for (int i = 0; i < lines.Length; i++)
            {
                bool isCut = cuts[i] || i == lines.Length - 1;
                text.Append(lines[i]).Append(isCut && lines[i].Length > 0 && !endsLine ? "" : "\n");
                if (!isCut)
                    continue;
                string name = $"{i}";
                paths.Add(i % 2 == 0 ? logs.Write(name, text.ToString()) : logs.WriteCompressed(name + ".gz", text.ToString()));
                text.Clear();
            }
            return ReadLines([.. paths]).SequenceEqual(lines);
        }, iter: 50);
    }

    private static List<string> ReadLines(params string[] paths) => Lines(new ReplayLogSource(paths));

    private static byte[] ReadBytes(params string[] paths) => Bytes(new ReplayLogSource(paths));

    private static List<string> Lines(ReplayLogSource source) => [.. Chunks.Of(source).SelectMany(chunk => Chunks.Lines(chunk))];

    private static byte[] Bytes(ReplayLogSource source) =>
        [.. Chunks.Of(source).SelectMany(chunk => chunk.Lines.ToArray())];
}
