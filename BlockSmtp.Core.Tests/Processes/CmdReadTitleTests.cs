using System.Text;
using System.Text.RegularExpressions;
using BlockSmtp.Processes;
using CsCheck;

namespace BlockSmtp.Tests.Processes;

[TestFixture]
internal sealed class CmdReadTitleTests
{
    private static readonly Regex Pattern = new(
        @"\Asendmail: ([^\s\0]*: )?server ([^\s\0]+ |[^\s\0@]*@)?\[[^]]+\]( \(may be forged\))? cmd read\z", RegexOptions.CultureInvariant);

    // Pieces of titles in any order, and what a client might write.
    private static readonly Gen<string> Titles = Gen.OneOfConst(
        "sendmail: ", "MTA: ", ": ", "server ", "[203.0.113.61]", "[IPv6:2001:db8:0:0:0:0:a:9]", "[", "]", "[]", "@",
        "mx.friendly.example ", " (may be forged)", " cmd read", " cmd re", "cmd read", " ", ":", "x", "DATA",
        "6ANHooha028507 [203.0.113.61]: ", "RCPT TO:<z> ", "")
        .Array[0, 8].Select(string.Concat);

    private static readonly Gen<string> WholeTitles =
        from prefix in Gen.OneOfConst("", ": ", "MTA: ", "server: ", "a:b: ")
        from name in Gen.OneOfConst(
            "", "192.0.2.1.static.victim.example ", "under_score.example ", "server ", "[odd ", "joe@", "@", "IDENT:joe@",
            "joe@scan.example ")
        from address in Gen.OneOfConst("[203.0.113.61]", "[IPv6:2001:db8:0:0:0:0:a:9]")
        from forged in Gen.OneOfConst("", " (may be forged)")
        select $"sendmail: {prefix}server {name}{address}{forged} cmd read";

    // What can stand after a cut: the rest of a name and of an address, and of all that follows them.
    private static readonly string[] Completions =
    [
        .. from middle in new[] { "", "x", "x ", "[x", "x [x", "[x]", "x [x]", "x@[x]", "[x]", "]", "x]", " [x]" }
           from end in new[] { " (may be forged) cmd read", " cmd read" }
           from start in Enumerable.Range(0, end.Length + 1)
           select middle + end[start..],
    ];

    [TestCase("sendmail: MTA: server [203.0.113.61] cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server 192.0.2.1.static.victim.example [203.0.113.22] cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server forged.victim.example [203.0.113.25] (may be forged) cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server [IPv6:2001:db8:0:0:0:0:a:9] cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server joe@[203.0.113.61] cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server @[203.0.113.61] cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server IDENT:joe@forged.victim.example [203.0.113.25] (may be forged) cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server joe@[203.0.113.61] cmd re", TitleMatch.Cut)]
    [TestCase("sendmail: MTA: server joe@[203.0.113.61] startup", TitleMatch.None)]
    [TestCase("sendmail: : server [203.0.113.61] cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: server [203.0.113.61] cmd read", TitleMatch.Whole)]
    [TestCase("sendmail: MTA: server [203.0.113.201] cmd re", TitleMatch.Cut)]
    [TestCase("sendmail: MTA: server host-192-0-2-1.victim.", TitleMatch.Cut)]
    [TestCase("sendmail: MTA: server forged.victim.example [203.0.113.25] (may be", TitleMatch.Cut)]
    [TestCase("sendmail: MTA: server ", TitleMatch.Cut)]
    [TestCase("sendmail: MTA: serve", TitleMatch.None)]
    [TestCase("sendmail: MTA: ", TitleMatch.None)]
    [TestCase("", TitleMatch.None)]
    [TestCase("sendmail: MTA: accepting connections", TitleMatch.None)]
    [TestCase("sendmail: MTA: rejecting connections on daemon MTA-v6: 3 children, max 3", TitleMatch.None)]
    [TestCase("sendmail: MTA: server [203.0.113.61] startup", TitleMatch.None)]
    [TestCase("sendmail: MTA: server [203.0.113.61] child wait", TitleMatch.None)]
    [TestCase("sendmail: MTA: server [203.0.113.61] cmd read ", TitleMatch.None)]
    [TestCase("sendmail: MTA: server [] cmd read", TitleMatch.None)]
    [TestCase("sendmail: MTA: 6ANHooha028507 [203.0.113.61]: DATA", TitleMatch.None)]
    [TestCase("sendmail: MTA: 6ANHoohc028507 [203.0.113.61]: STARTTLS", TitleMatch.None)]
    [TestCase("sendmail: MTA: 6ANHvvCH005640 [203.0.113.93]: RCPT TO:<z> server [198.51.100.10] cmd read", TitleMatch.None)]
    [TestCase("sendmail: 6ANHvvCH005640 [203.0.113.93]: server [198.51.100.10] cmd read", TitleMatch.None)]
    [TestCase("sendmail: MTA: ./6ANL4QSf008219 from queue", TitleMatch.None)]
    [TestCase("vi sendmail: MTA: server [203.0.113.61] cmd read", TitleMatch.None)]
    [TestCase("sendmail: MTA: server\0[203.0.113.61] cmd read", TitleMatch.None)]
    public void A_title_is_recognised(string title, object match)
    {
        Match(title).Should().Be((TitleMatch)match);
        Match(title + "\0").Should().Be((TitleMatch)match);
        Match(title + new string('\0', 300)).Should().Be((TitleMatch)match);
    }

    [Test]
    public void It_agrees_with_the_pattern_on_whatever_a_title_may_be() =>
        Titles.Sample(title => Match(title) == TitleMatch.Whole == Pattern.IsMatch(title));

    [Test]
    public void Every_form_of_the_title_is_recognised() =>
        WholeTitles.Sample(title => Match(title) == TitleMatch.Whole);

    [Test]
    public void A_title_that_was_cut_after_its_beginning_is_recognised_as_such() =>
        (from title in WholeTitles
         let needed = title.LastIndexOf("server ", StringComparison.Ordinal) + "server ".Length
         from length in Gen.Int[needed, title.Length - 1]
         select title[..length]).Sample(title => Match(title) == TitleMatch.Cut);

    [Test]
    public void What_is_recognised_as_cut_can_be_made_whole() =>
        Titles.Sample(title => Match(title) != TitleMatch.Cut || Completions.Any(end => Pattern.IsMatch(title + end)));

    [Test]
    public void Any_bytes_are_borne() =>
        Gen.Byte.Array[0, 100].Sample(bytes => CmdReadTitle.Match(bytes) == TitleMatch.None);

    private static TitleMatch Match(string title) => CmdReadTitle.Match(Encoding.Latin1.GetBytes(title));
}
