using System.Text.Json;
using System.Xml.Linq;
using BlockSmtp.Hosting;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlockSmtp.Tests.Docs;

/// <summary>Every block on a page says what it is written in; what is no program is read by the one that it is for.</summary>
internal sealed class LanguagesTests
{
    private static IEnumerable<TestCaseData> Blocks() =>
        Page.All.SelectMany(page => page.Blocks).Select(block =>
        {
            var data = new TestCaseData(block).SetArgDisplayNames(block.ToString(), block.Language);
            return block.Language == "ini" ? data.SetCategory(Needs.Root) : data;
        });

    [TestCaseSource(nameof(Blocks))]
    public async Task A_block_is_what_it_says(CodeBlock block)
    {
        switch (block.Language)
        {
            case "ini":
                await IsConfiguration(block.Text);
                break;
            case "json":
                IsJson(block.Text);
                break;
            case "xml":
                XDocument.Parse(block.Text).Root.Should().NotBeNull();
                break;
            case "yaml":
                Promtool("config", block.Text);
                break;
            case "promql":
                Promtool("rules", "groups:\n- name: page\n  rules:\n" + string.Concat(
                    block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, number) =>
                        $"  - alert: A{number}\n    expr: |\n      {line}\n")));
                break;
            default:
                // Other tests compile C# and run commands; text is what a person reads, or a program prints.
                block.Language.Should().BeOneOf(
                    ["csharp", "sh", "console", "text"], "a block begins with ``` and its language, and this test knows what reads it");
                break;
        }
    }

    private static async Task IsConfiguration(string text)
    {
        await using var server = await ServerForPages.StartAsync();
        server.Write("/etc/blocksmtp/blocksmtp.conf", text);
        server.Run("blocksmtp", "check", "--print").Should().Contain("/etc/blocksmtp/blocksmtp.conf");
    }

    /// <summary>One document, or one a line. The settings of a program that embeds the engine are ones that it takes.</summary>
    private static void IsJson(string text)
    {
        if (!text.StartsWith("{\n", StringComparison.Ordinal))
        {
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                JsonDocument.Parse(line).Dispose();
            return;
        }

        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        var section = new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("BlockSmtp");
        section.Exists().Should().BeTrue("a document on a page is the settings of a program that embeds the engine");
        using var services = new ServiceCollection().AddLogging().AddBlockSmtp(section).BuildServiceProvider();
        services.GetRequiredService<IOptions<BlockSmtpOptions>>().Value.Should().NotBeNull();
    }

    private static void Promtool(string kind, string text)
    {
        Requires.Tool("promtool");
        using var folder = new TemporaryFolder();
        Command.Run("promtool", "check", kind, folder.Write("page.yml", text)).Should().Contain("SUCCESS");
    }
}
