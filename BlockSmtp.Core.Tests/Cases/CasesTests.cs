using System.Net;
using System.Text.Json;
using BlockSmtp.Logs;
using BlockSmtp.Policies;
using FluentAssertions;
using NUnit.Framework;

namespace BlockSmtp.Tests.Cases;

/// <summary>Logs after public reports, and who must be blocked by them.</summary>
[TestFixture]
public sealed class CasesTests
{
    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "data");

    private static IEnumerable<string> Names() =>
        Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    [TestCaseSource(nameof(Names))]
    public async Task A_log_comes_to_what_it_must(string name)
    {
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Folder, name + ".json")));
        var wanted = json.RootElement;
        var blocked = new List<IPNetwork>();
        var options = new ReplayOptions
        {
            TimeZone = TimeZoneInfo.Utc,
            FirstYear = name.Contains("new-year", StringComparison.Ordinal) ? null : 2026,
            Observer = new Blocks(blocked),
        };
        options.UnknownUserTexts = [.. Values(wanted, "--unknown-user-text=")];
        options.Mailer = Values(wanted, "--mailer=").Select(text => Enum.Parse<Mailer>(text, ignoreCase: true)).FirstOrDefault();
        if (Values(wanted, "--mailer-syslog-name=").ToArray() is { Length: > 0 } names)
            options.SyslogNames = names;

        await new LogReplay(
            new ReplayLogSource([.. Strings(wanted, "files").Select(file => Path.Combine(Folder, file))]),
            new CountPolicy(),
            options).RunAsync();

        foreach (var address in Strings(wanted, "blocked").Select(IPAddress.Parse))
            blocked.Should().Contain(network => network.Contains(address), $"{address} has guessed: {wanted.GetProperty("why")}");
        foreach (var address in Strings(wanted, "not_blocked").Select(IPAddress.Parse))
            blocked.Should().NotContain(network => network.Contains(address), $"{address} is a bystander: {wanted.GetProperty("why")}");
    }

    private static IEnumerable<string> Strings(JsonElement json, string name) =>
        json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);

    private static IEnumerable<string> Values(JsonElement json, string option) =>
        Strings(json, "options").Where(text => text.StartsWith(option, StringComparison.Ordinal)).Select(text => text[option.Length..]);

    private sealed class Blocks(List<IPNetwork> blocked) : IEngineObserver
    {
        public bool WantsOffenses => false;

        public void OnBlocked(Block block) => blocked.Add(block.Network);
    }
}
