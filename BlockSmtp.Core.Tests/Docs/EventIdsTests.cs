using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using BlockSmtp.Cli.Options;
using BlockSmtp.Fleet;
using BlockSmtp.Milter;
using BlockSmtp.Sqlite;
using BlockSmtp.Testing;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Docs;

/// <summary>Event ids are for filters and alerts: each is one thing, and the page says of what part it is.</summary>
internal sealed partial class EventIdsTests
{
    private static IReadOnlyList<(int Id, string Method)> Events { get; } =
    [
        .. from assembly in new[]
           {
               typeof(DetectionEngine).Assembly, typeof(MilterServer).Assembly, typeof(RedisFleet).Assembly,
               typeof(SqliteBlockStore).Assembly, typeof(FirewallConformance).Assembly, typeof(CommandTable).Assembly,
           }
           from type in assembly.GetTypes()
           from method in type.GetMethods(
               BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           from message in method.GetCustomAttributes<LoggerMessageAttribute>()
           select (message.EventId, $"{type.Name}.{method.Name}"),
    ];

    [GeneratedRegex(@"(\d{4}) to\s(\d{4})")]
    private static partial Regex Ranges { get; }

    [Test]
    public void No_id_is_used_twice()
    {
        Events.Should().HaveCountGreaterThan(50);
        Events.GroupBy(seen => seen.Id)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(seen => seen.Method))}")
            .Should().BeEmpty();
    }

    [Test]
    public void Every_id_is_in_a_range_of_the_page_and_every_range_is_used()
    {
        var text = Page.Find("docs/library.md").Text.Split("\n## Events\n")[1].Split("\n## ")[0];
        var ranges = Ranges.Matches(text).Select(range => (From: Number(range.Groups[1]), To: Number(range.Groups[2]))).ToList();
        Events.Where(seen => !ranges.Any(range => Holds(range, seen.Id))).Should().BeEmpty();
        ranges.Where(range => !Events.Any(seen => Holds(range, seen.Id))).Should().BeEmpty();
    }

    private static bool Holds((int From, int To) range, int id) => range.From <= id && id <= range.To;

    private static int Number(Group text) => int.Parse(text.ValueSpan, CultureInfo.InvariantCulture);
}
