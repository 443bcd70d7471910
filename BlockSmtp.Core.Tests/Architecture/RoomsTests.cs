using FluentAssertions;
using NUnit.Framework;

namespace BlockSmtp.Tests.Architecture;

/// <summary>The rooms of the library, and who may need whom, held against what the compiler has made.</summary>
[TestFixture]
public sealed class RoomsTests
{
    // Each room, and the rooms that it may need. A room needs only what stands above it, so there is no circle.
    private const string CorePicture = """
        Addresses    ->
        Clocks       ->
        Collections  ->
        Sockets      ->
        Syslog       ->
        Contracts    -> Addresses
        Diagnostics  -> Contracts
        Logs         -> Contracts Syslog
        Grammars     -> Contracts Syslog
        Sendmail     -> Contracts Addresses Syslog Grammars
        Postfix      -> Contracts Addresses Syslog Grammars
        Exim         -> Contracts Addresses Syslog Grammars
        Policies     -> Contracts Addresses Clocks Collections Grammars
        Firewalls    -> Contracts Addresses
        Processes    -> Contracts Sockets
        State        -> Contracts Addresses Clocks Collections Diagnostics Grammars
        Judging      -> Contracts Addresses Collections State
        Enforcing    -> Contracts Clocks Collections Diagnostics State
        Transactions -> Contracts Addresses Collections Syslog Grammars Sendmail State Judging
        Reading      -> Contracts Collections Logs Syslog Grammars Sendmail Postfix Exim Transactions
        Replay       -> Contracts Addresses Collections Logs Syslog Grammars Sendmail State Judging Transactions Reading
        Reports      -> Contracts Addresses Policies Judging
        Scoring      -> Contracts Addresses
        Sharing      -> Contracts Addresses Collections Diagnostics Grammars Judging
        Engine       -> Contracts Addresses Clocks Diagnostics Syslog Grammars Judging Enforcing State Transactions Reading Sharing
        (top)        -> Contracts Addresses Diagnostics Enforcing Engine
        Hosting      -> Contracts Addresses Logs Policies Firewalls Processes (top)
        Control      -> Contracts Addresses Clocks Diagnostics Sockets (top)
        """;

    // The tool's.
    private const string CliPicture = """
        Failures      ->
        Files         -> Failures
        Json          ->
        Names         -> Failures Files
        Options       -> Failures Names
        Configuration -> Failures Options
        Logging       ->
        Hooks         -> Json Logging
        Daemon        -> Failures Files Options Configuration Logging Hooks Names
        Metrics       -> Failures Files Logging Daemon
        Output        -> Failures Files Json Options Configuration
        Commands      -> Failures Files Json Names Options Configuration Logging Hooks Daemon Metrics Output
        (top)         -> Failures Options Configuration Logging Commands
        """;

    private static readonly RoomMap Cli = new(typeof(BlockSmtp.Cli.Options.CommandTable).Assembly.Location, "BlockSmtp.Cli");
    private static readonly RoomMap Core = new(typeof(DetectionEngine).Assembly.Location, "BlockSmtp");

    [Test]
    public void A_room_of_the_library_needs_no_other_than_the_picture_shows() =>
        string.Join("\n", Missing(Core, CorePicture)).Should().BeEmpty();

    [Test]
    public void No_room_of_the_picture_needs_one_that_stands_below_it() => Upward(CorePicture).Should().BeEmpty();

    [Test]
    public void A_room_of_the_tool_needs_no_other_than_the_picture_shows() =>
        string.Join("\n", Missing(Cli, CliPicture)).Should().BeEmpty();

    [Test]
    public void No_room_of_the_tool_needs_one_that_stands_below_it() => Upward(CliPicture).Should().BeEmpty();

    [Test]
    public void An_arrow_that_the_picture_lacks_is_found() =>
        Missing(Core, CorePicture.Replace(" Judging", "", StringComparison.Ordinal))
            .Should().Contain(found => found.StartsWith("Transactions -> Judging", StringComparison.Ordinal));

    private static IEnumerable<string> Missing(RoomMap map, string picture)
    {
        var allowed = Allowed(picture);
        return map.Arrows.SelectMany(room => room.Value.Where(arrow => !allowed.Contains((room.Key, arrow.Key)))
            .Select(arrow => $"{room.Key} -> {arrow.Key}, as in {arrow.Value}"));
    }

    private static IEnumerable<string> Upward(string picture)
    {
        List<string> above = [];
        foreach (var line in picture.Split('\n'))
        {
            var (room, needs) = Parts(line);
            foreach (var need in needs.Where(need => !above.Contains(need)))
                yield return $"{room} -> {need}";
            above.Add(room);
        }
    }

    private static HashSet<(string From, string To)> Allowed(string picture) =>
        [.. picture.Split('\n').Select(Parts).SelectMany(line => line.Needs.Select(need => (line.Room, need)))];

    private static (string Room, string[] Needs) Parts(string line)
    {
        var parts = line.Split("->");
        return (parts[0].Trim(), parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
