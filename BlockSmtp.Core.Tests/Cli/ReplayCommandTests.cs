using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>What programs outside of this repository rely on: the output of <c>blocksmtp replay</c>.</summary>
public sealed class ReplayCommandTests
{
    private const string Host = "203.0.113.20";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Json_has_one_object_a_line_for_each_decision_and_a_summary()
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 4).End(7, Host).Unknown(8, 4).End(8, "10.1.2.3")
            .At("21:30:00").Unknown(9, 1).End(9, "IPv6:2001:db8:0:0:0:0:a:21").ToString());
        var whiteList = _folder.Write("white", "10.0.0.0/8\n");

        var (code, output, errors) = Tool.Run("replay", "--json", "--year=2026", "--timezone=UTC", $"--white-list={whiteList}", log);

        errors.Should().BeEmpty();
        code.Should().Be(0);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..^1].Should().Equal(
            """{"time":"2026-11-23T18:00:03Z","action":"block","address":"203.0.113.20","offenses":4,"until":"2026-11-23T21:00:03Z","reason":"4 wrong names within 1d, 0 recipients delivered to: 4 ahead, more than 3"}""",
            """{"time":"2026-11-23T18:00:03Z","action":"ignore","address":"10.1.2.3","offenses":4,"reason":"white-listed by 10.0.0.0/8"}""",
            """{"time":"2026-11-23T21:00:03Z","action":"unblock","address":"203.0.113.20","reason":"expired"}""");
        using var summary = JsonDocument.Parse(lines[^1]);
        summary.RootElement.EnumerateObject().Select(member => member.Name).Should().Equal(
            "action", "lines", "bytes", "offenses", "hosts", "blocked", "ignored", "unresolved", "ambiguous", "elapsed_seconds");
        summary.RootElement.EnumerateObject().Skip(1).SkipLast(1).Select(member => member.Value.GetInt64()).Should().Equal(
            12, new FileInfo(log).Length, 9, 3, 1, 1, 0, 0);
    }

    [TestCase("--mailer-ip=10.100.10.200")]
    [TestCase("--mailer-ip=10.100.10.200", "--mailer-ip", "2001:db8::25")]
    public void A_file_that_follows_an_address_is_no_address(params string[] options)
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 4).End(7, Host).ToString());

        Tool.Run(["replay", .. options, log])
            .Should().Match<(int ExitCode, string, string Errors)>(ran => ran.ExitCode == 0 && ran.Errors.Length == 0);
    }

    [Test]
    public void A_log_of_the_end_of_time_is_doubtful_and_no_defect()
    {
        var log = _folder.Write(
            "log",
            "9999-12-31T23:59:59-01:00 mail1 sm-mta[7]: 6ANHntrU000007: <x>... User unknown\n9999-12-31T23:59:59Z mail1 sm-mta[7]: x\n");

        Tool.Run("replay", "--json", log).ExitCode.Should().Be(0);
    }

    [Test]
    public void Several_files_plain_and_packed_and_standard_input_are_one_stream()
    {
        var first = _folder.Write("first", new LogText().Unknown(7, 2).ToString().TrimEnd());
        using (var packed = new GZipStream(File.Create(_folder["second.gz"]), CompressionLevel.Fastest))
        using (var writer = new StreamWriter(packed))
            writer.Write(new LogText().Unknown(7, 1).ToString());

        using var process = Process.Start(
            new ProcessStartInfo(Tool.Path, ["replay", "--json", "--policy=count", first, _folder["second.gz"], "-"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        process.StandardInput.Write(new LogText().Unknown(7, 1).End(7, Host).ToString());
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        output.Should().Contain($"\"action\":\"block\",\"address\":\"{Host}\"").And.Contain("\"lines\":5");
    }

    [Test]
    public void Without_json_the_report_names_the_worst_first()
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 1).End(7, "198.51.100.10").Unknown(8, 5).End(8, Host).ToString());

        var (code, output, _) = Tool.Run("replay", "--timezone=UTC", log);

        code.Should().Be(0);
        output.Should().Contain("6 wrong guesses by 2 hosts: 1 would have been blocked").And.MatchRegex(
            $@"(?s){Host.Replace(".", @"\.", StringComparison.Ordinal)} +5 .*blocked.*198\.51\.100\.10 +1 .*tolerated");
    }

    [Test]
    public void The_year_is_the_latest_that_does_not_put_the_last_line_into_the_future()
    {
        // A log that ends tomorrow can only be of last year.
        var tomorrow = DateTime.UtcNow.AddDays(1);
        var day = tomorrow.ToString("MMM d", System.Globalization.CultureInfo.InvariantCulture);
        day = $"{day[..3]} {day[4..],2}";
        var text = new LogText().Day(day).Unknown(7, 4).End(7, Host).ToString();
        var expected = $"{tomorrow.Year - 1:0000}-{tomorrow:MM-dd}T18:00:03Z";

        var (_, plain, _) = Tool.Run("replay", "--json", "--timezone=UTC", _folder.Write("log", text));
        using (var packed = new GZipStream(File.Create(_folder["log.gz"]), CompressionLevel.Fastest))
        using (var writer = new StreamWriter(packed))
            writer.Write(text);
        var (_, streamed, _) = Tool.Run("replay", "--json", "--timezone=UTC", _folder["log.gz"]);

        plain.Should().Contain(expected);
        streamed.Should().Contain(expected);
    }

    [TestCase("Europe/Berlin", "2026-11-23T17:00:03Z")]
    [TestCase("America/New_York", "2026-11-23T23:00:03Z")]
    public void A_stamp_without_a_zone_is_in_the_one_that_is_named(string zone, string expected)
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 4).End(7, Host).ToString());
        Tool.Run("replay", "--json", "--year=2026", $"--timezone={zone}", log).Output.Should().Contain($"\"time\":\"{expected}\"");
    }

    [Test]
    public void A_log_that_is_not_there_is_named_with_66()
    {
        var (code, output, errors) = Tool.Run("replay", "--json", _folder["none"]);

        code.Should().Be(66);
        output.Should().BeEmpty();
        errors.Should().StartWith("blocksmtp: ").And.Contain(_folder["none"]);
        errors.Trim().Should().NotContain("\n");
    }

    [Test]
    public void A_file_that_is_no_log_is_said_to_be_none()
    {
        _folder.Write("notes", "hello\nworld\n");

        var (code, output, errors) = Tool.Run("replay", _folder["notes"]);

        errors.Should().Contain($"no line of '{_folder["notes"]}' begins with a time").And.Contain("is it a mail log?");
        output.Should().Contain("0 wrong guesses");
        code.Should().Be(0);
    }

    [Test]
    public void Binary_garbage_is_no_reason_to_fail()
    {
        var bytes = new byte[10 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = bytes[i] == (byte)'\n' ? (byte)'x' : bytes[i];
        File.WriteAllBytes(
            _folder["log"],
            [.. bytes, .. "\n"u8, .. System.Text.Encoding.ASCII.GetBytes(new LogText().Unknown(7, 4).End(7, Host).ToString())]);

        var (code, output, _) = Tool.Run("replay", "--json", _folder["log"]);

        code.Should().Be(0);
        output.Should().Contain($"\"address\":\"{Host}\"").And.Contain("\"lines\":6");
    }
}
