namespace BlockSmtp.Quality.Simulation;

/// <summary>A mail server and who comes to it: how many of each, for all of its days unless it says otherwise.</summary>
/// <remarks>
/// The mixes are assumptions where no source is named; where figures are published, they stand beside the hosts that they shape (<see
/// cref="Innocents"/>, <see cref="Guessers"/>).
/// </remarks>
internal sealed record Scenario(string Name, int Days, int Users, int FormerUsers, int AcceptedADay)
{
    /// <summary>How many hosts of a kind there are; none of one that is not named.</summary>
    public required IReadOnlyDictionary<string, int> Hosts { get; init; }

    /// <summary>The fewest and the most local subscribers of a newsletter.</summary>
    public (int Least, int Most) Subscribers { get; init; } = (2, 15);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("small", Days: 14, Users: 40, FormerUsers: 14, AcceptedADay: 600)
        {
            Hosts = Of(
                "company 150, newsletter 10, list 2, discussion 5, blast 5, bounces-a-day 3, joe-job 150, callout 60, forwarder 3, "
                + "relayed-a-day 25, monitor 2, robot 2, app 1, stranger 8, g-burst 10, g-reset 5, g-reconnect 8, g-slow 4, g-very-slow "
                + "3, g-background 150, g-spam-run 30, g-snowshoe 1, g-ipv6 1, g-mixer 4, g-null-many 3, g-null-one 3, g-half-list 4, "
                + "g-probe 3"),
        },
        new("university", Days: 7, Users: 4000, FormerUsers: 1600, AcceptedADay: 15_000)
        {
            Subscribers = (20, 400),
            Hosts = Of(
                "company 900, newsletter 30, list 10, discussion 30, blast 14, bounces-a-day 20, joe-job 500, callout 200, forwarder "
                + "20, relayed-a-day 300, monitor 2, robot 8, app 4, stranger 30, g-burst 25, g-reset 10, g-reconnect 20, g-slow 10, "
                + "g-very-slow 6, g-background 700, g-spam-run 100, g-snowshoe 2, g-ipv6 2, g-mixer 8, g-null-many 6, g-null-one 6, "
                + "g-half-list 8, g-probe 5"),
        },
        new("botnet", Days: 3, Users: 3000, FormerUsers: 1100, AcceptedADay: 8000)
        {
            Subscribers = (15, 300),
            Hosts = Of(
                "company 500, newsletter 20, list 6, discussion 20, blast 5, bounces-a-day 12, joe-job 300, callout 120, forwarder 12, "
                + "relayed-a-day 150, monitor 2, robot 5, app 3, stranger 20, g-burst 10, g-reset 4, g-reconnect 8, g-slow 4, g-very-slow "
                + "3, g-background 300, g-spam-run 40, g-snowshoe 1, g-ipv6 1, g-mixer 4, g-null-many 3, g-null-one 3, g-half-list 4, "
                + "g-probe 3, g-walk 10000, g-returning 800"),
        },

        // Half of its people have left, and every list still has them.
        new("newsletters", Days: 10, Users: 300, FormerUsers: 300, AcceptedADay: 2500)
        {
            Subscribers = (10, 80),
            Hosts = Of(
                "company 300, newsletter 80, list 20, discussion 20, blast 12, bounces-a-day 8, joe-job 200, callout 100, forwarder 10, "
                + "relayed-a-day 0, monitor 2, robot 6, app 6, stranger 10, g-burst 8, g-reset 4, g-reconnect 6, g-slow 6, g-very-slow 4, "
                + "g-background 200, g-spam-run 30, g-snowshoe 1, g-ipv6 1, g-mixer 4, g-null-many 3, g-null-one 3, g-half-list 4, "
                + "g-probe 3"),
        },

        // Little mail, much of it in the name of others: whoever guesses here does it slowly.
        new("quiet", Days: 30, Users: 15, FormerUsers: 6, AcceptedADay: 120)
        {
            Subscribers = (1, 6),
            Hosts = Of(
                "company 40, newsletter 5, list 1, discussion 2, blast 3, bounces-a-day 4, joe-job 300, callout 80, forwarder 2, "
                + "relayed-a-day 8, monitor 2, robot 2, app 1, stranger 10, g-burst 4, g-reset 3, g-reconnect 4, g-slow 8, g-very-slow 8, "
                + "g-background 250, g-spam-run 20, g-snowshoe 1, g-ipv6 1, g-mixer 3, g-null-many 2, g-null-one 2, g-half-list 2, "
                + "g-probe 4"),
        },

        // As small as a test needs it: a day of a shop.
        new("tiny", Days: 1, Users: 12, FormerUsers: 6, AcceptedADay: 60)
        {
            Hosts = Of(
                "company 10, newsletter 1, list 1, discussion 1, blast 1, bounces-a-day 2, joe-job 10, callout 5, forwarder 1, "
                + "relayed-a-day 4, robot 1, app 1, stranger 1, g-burst 1, g-reset 1, g-reconnect 1, g-slow 1, g-background 6, g-spam-run "
                + "2, g-mixer 1, g-null-many 1, g-null-one 1, g-half-list 1, g-probe 1"),
        },
    ];

    public int Count(string kind) => Hosts.GetValueOrDefault(kind);

    private static Dictionary<string, int> Of(string text) => text.Split(", ").Select(part => part.Split(' ')).ToDictionary(
        part => part[0], part => int.Parse(part[1], System.Globalization.CultureInfo.InvariantCulture));
}
