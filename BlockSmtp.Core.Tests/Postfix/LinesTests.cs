using BlockSmtp.Tests.Reading;

namespace BlockSmtp.Tests.Postfix;

/// <summary>Every line of lines.tsv is read as it says.</summary>
public sealed class LinesTests
{
    private static IEnumerable<TestCaseData> Lines() => ReadLine.Cases("postfix-lines.tsv");

    [TestCaseSource(nameof(Lines))]
    public void A_line_is_read_as_what_Postfix_meant(string expected, string text)
    {
        foreach (var start in new[]
        {
            "Nov 23 18:03:58 mail1 ", "2026-11-23T18:03:58.000352+00:00 mail1 ", "Nov 23 18:03:58 <mail.info> mail1 "
        })
            ReadLine.As(start + text).Should().Be(expected, start);
    }
}
