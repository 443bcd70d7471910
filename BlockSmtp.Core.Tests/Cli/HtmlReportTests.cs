using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>The page that <c>blocksmtp replay --html</c> writes.</summary>
public sealed class HtmlReportTests
{
    private const string Title = "BlockSmtp: who guessed, and who would have been blocked";

    private static readonly string[] HostileNames =
    [
        "<<script>document.title='out'</script>>",
        "<\"><img src=x onerror=\"document.title='out'\">@example.org>",
        "<'><svg onload=document.title='out'>@example.org>",
        "<x></code></td></tr></table></section><h1 id=out>out</h1>",
        "<</title></style><style>body{display:none}</style>>",
        "<--><!--<a href=javascript:alert(1)>out</a>-->",
        "<&lt;script&gt;&#60;b&#62;{{7*7}}${7*7}@example.org>",
    ];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void No_name_of_a_client_breaks_out_of_the_page()
    {
        var log = new LogText();
        for (var i = 0; i < HostileNames.Length; i++)
            log.Line(7 + i, HostileNames[i] + "... User unknown").Unknown(7 + i, 4).End(7 + i, $"203.0.113.{20 + i}");
        var tame = new LogText();
        for (var i = 0; i < HostileNames.Length; i++)
            tame.Line(7 + i, $"<tame{i}>... User unknown").Unknown(7 + i, 4).End(7 + i, $"203.0.113.{20 + i}");

        var page = Show(Browser.Load(Report(log, "<img src=x onerror=document.title='out'>.log")));
        var expected = Show(Browser.Load(Report(tame, "tame.log")));

        page.Title.Should().Be(Title);
        page.QuerySelectorAll("script, img, a, h1#out, [onload], [onerror]").Should().BeEmpty();
        page.QuerySelectorAll("*").Select(element => element.LocalName)
            .Should().Equal(expected.QuerySelectorAll("*").Select(element => element.LocalName));
        page.QuerySelectorAll(".names code").Select(code => code.TextContent)
            .Should().Contain(HostileNames.Select(name => name[1..^1]), "they are shown as they are");
    }

    [TestCase("sendmail-8.17-loglevel9.log")]
    [TestCase("sendmail-8.17-loglevel14.log")]
    public void It_is_valid_needs_nothing_else_and_runs_nothing(string name)
    {
        var page = _folder["report.html"];
        Run(0, $"--html={page}", Path.Combine(AppContext.BaseDirectory, "Corpus", "data", name));

        var html = File.ReadAllText(page);
        var document = (IHtmlDocument)new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);
        document.QuerySelectorAll("script, link, img, iframe, object, embed, [src], [href], [style]").Should().BeEmpty();
        html.Should().NotContain("http:").And.NotContain("https:").And.NotContain("url(").And.NotContain("@import");
        document.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content")
            .Should().StartWith("default-src 'none'; style-src 'sha256-");
        document.QuerySelectorAll("svg[role=img]").Should().NotBeEmpty().And.OnlyContain(picture => picture.HasAttribute("aria-label"));
        document.QuerySelectorAll("section").Select(section => section.Id)
            .Should().Equal("time", "groups", "hosts", "networks", "settings", "limits");
        document.QuerySelectorAll("#limits tbody tr").Should().HaveCount(20);
        var ids = document.QuerySelectorAll("[id]").Select(element => element.Id).ToArray();
        ids.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Its_style_is_let_through_by_its_own_policy()
    {
        var page = _folder["report.html"];
        Run(0, $"--html={page}", Path.Combine(AppContext.BaseDirectory, "Corpus", "data", "sendmail-8.17-loglevel9.log"));
        var html = File.ReadAllText(page);
        var style = html[(html.IndexOf("<style>", StringComparison.Ordinal) + 7)..html.IndexOf("</style>", StringComparison.Ordinal)];
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));

        html.Should().Contain($"style-src 'sha256-{hash}'");
    }

    [Test]
    public void A_log_of_many_hosts_with_long_names_stays_small()
    {
        var log = new LogText();
        for (var i = 0; i < 3_000; i++)
            log.Line(i + 1, $"<{new string('&', 90)}{i % 7}>... User unknown").Unknown(i + 1, 4).End(
                i + 1, $"203.{i / 250}.113.{(i % 250) + 1}");

        new FileInfo(Report(log, "log")).Length.Should().BeLessThan(2_000_000);
    }

    [Test]
    public void A_log_without_guesses_says_so()
    {
        File.ReadAllText(Report(new LogText().End(7, "203.0.113.20"), "log")).Should().Contain("Nobody guessed in this log.");
    }

    [Test]
    public void It_goes_with_json_and_replaces_what_was_there()
    {
        var page = _folder.Write("report.html", "old");
        Command.Run("ln", "-s", page, _folder["link.html"]);
        var log = _folder.Write("log", new LogText().Unknown(7, 4).End(7, "203.0.113.20").ToString());

        Run(0, "--json", $"--html={_folder["link.html"]}", log).Output.Should().Contain("\"action\":\"block\"")
            .And.Contain("\"action\":\"summary\"");

        File.ReadAllText(page).Should().StartWith("<!DOCTYPE html>");
        new FileInfo(_folder["link.html"]).LinkTarget.Should().Be(page);
        Directory.GetFiles(Path.GetDirectoryName(page)!).Should().HaveCount(3);
    }

    [TestCase("none/report.html", 74, "there is no such directory")]
    [TestCase(".", 74, "it is a directory")]
    public void Where_it_cannot_be_written_that_is_said_before_the_log_is_read(string name, int code, string why)
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 4).ToString());

        var (_, output, errors) = Run(code, $"--html={_folder[name]}", log);

        errors.Should().StartWith("blocksmtp: --html: '").And.Contain(why);
        output.Should().BeEmpty();
    }

    [Test]
    public void A_device_is_written_to_and_not_replaced()
    {
        Run(0, "--html=/dev/null", _folder.Write("log", new LogText().Unknown(7, 4).End(7, "203.0.113.20").ToString()));

        Command.Run("stat", "--format=%F", "/dev/null").Should().Be("character special file\n");
    }

    private static IHtmlDocument Show(string html) => (IHtmlDocument)new HtmlParser().ParseDocument(html);

    private string Report(LogText log, string name)
    {
        Run(0, "--year=2026", $"--html={_folder["report.html"]}", _folder.Write(name, log.ToString()));
        return _folder["report.html"];
    }

    private static (int ExitCode, string Output, string Errors) Run(int expected, params string[] arguments)
    {
        var ran = Tool.Run(["replay", "--timezone=UTC", .. arguments]);
        ran.ExitCode.Should().Be(expected, ran.Errors);
        return ran;
    }
}
