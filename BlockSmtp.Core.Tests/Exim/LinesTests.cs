using BlockSmtp.Tests.Reading;

namespace BlockSmtp.Tests.Exim;

/// <summary>Every line of lines.tsv is read as it says.</summary>
public sealed class LinesTests
{
    private static IEnumerable<TestCaseData> Lines() => ReadLine.Cases("exim-lines.tsv");

    [TestCaseSource(nameof(Lines))]
    public void A_line_of_the_main_log_is_read_as_what_Exim_meant(string expected, string text)
    {
        foreach (var start in new[] { "2026-11-27 04:45:44 ", "2026-11-27 04:45:44.623 ", "2026-11-27 04:45:44 +0100 " })
            ReadLine.As(start + text).Should().Be(expected, start);
    }

    [TestCaseSource(nameof(Lines))]
    public void A_line_in_syslog_is_read_as_what_Exim_meant(string expected, string text)
    {
        if (expected == "foreign")
            expected = "none";
        foreach (var start in new[]
        {
            "exim[14758]: ", "exim4[14758]: 2026-11-27 04:45:44 ", "exim[14758]: 2026-11-27 04:45:44 +0100 ", @"exim[14758]: [1\2] ",
            @"exim[14758]: [1\3] 2026-11-27 04:45:44 "
        })
            ReadLine.As("Nov 27 04:45:44 mail1 " + start + text).Should().Be(expected, start);
    }

    [TestCase("mail1 sshd[7]: H=(x) [198.51.100.10] F=<a@b.example> rejected RCPT <x@example.org>: Unrouteable address")]
    [TestCase("server-node01-02 sshd[7]: rejected RCPT <x@example.org>: Unrouteable address")]
    [TestCase("server-node01-02 <= x H=(y) [198.51.100.10]")]
    public void A_line_of_syslog_with_the_same_stamp_is_none_of_Exims(string text) =>
        ReadLine.As("2026-11-27 04:45:44 " + text).Should().BeOneOf("foreign", "taken 198.51.100.10 1 named");
}
