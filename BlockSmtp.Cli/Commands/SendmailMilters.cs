using BlockSmtp.Milter;

namespace BlockSmtp.Cli.Commands;

/// <summary>
/// The milters that a sendmail.cf has: <c>O InputMailFilters=NAME</c> and <c>XNAME, S=ADDRESS, F=T, T=C:5m;S:10s;R:10s;E:5m</c>
/// (sendmail, doc/op: "X -- Mail Filter").
/// </summary>
internal static class SendmailMilters
{
    /// <summary>Those that are asked, and the names of those that are only known.</summary>
    public static (List<AskedMilter> Asked, List<AskedMilter> Unasked) Of(IEnumerable<string> lines)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var milters = new List<AskedMilter>();
        foreach (var line in SendmailFile.Whole(lines))
        {
            if (line.StartsWith('X'))
            {
                milters.Add(Read(line[1..]));
            }
            else if (line.StartsWith('O') && line.IndexOf("InputMailFilters=", StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            {
                // Of a listener (DaemonPortOptions) or of all: there a semicolon stands between names, here a comma may.
                var value = line[(at + "InputMailFilters=".Length)..];
                var isOfAll = line[1..].TrimStart().StartsWith("InputMailFilters", StringComparison.OrdinalIgnoreCase);
                names.UnionWith((isOfAll ? value : value.Split(',')[0]).Split(
                    [',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return (milters.FindAll(milter => names.Contains(milter.Name)), milters.FindAll(milter => !names.Contains(milter.Name)));
    }

    private static AskedMilter Read(string definition)
    {
        var fields = definition.Split(',', StringSplitOptions.TrimEntries);
        // milter.c: what counts where T= says nothing.
        var (connect, send, reply, end) = (300, 10, 10, 300);
        foreach (var time in Field(fields, "T=")?.Split(';', StringSplitOptions.TrimEntries) ?? [])
        {
            if (time.Length < 3 || time[1] != ':' || AskedMilter.Seconds(time[2..]) is not { } seconds)
                continue;
            switch (time[0])
            {
                case 'C': connect = seconds; break;
                case 'S': send = seconds; break;
                case 'R': reply = seconds; break;
                case 'E': end = seconds; break;
            }
        }

        var away = Field(fields, "F=") switch
        {
            null or "" => null,
            "R" => "F=R, it refuses mail",
            "T" => "F=T, it puts mail off",
            "4" => "F=4, it ends sessions",
            var other => $"F={other}",
        };
        return new AskedMilter(fields[0], MilterAddress.TryParse(Field(fields, "S="), out var address)
            ? address
            : null, away, connect, Math.Max(send, reply), end);
    }

    private static string? Field(string[] fields, string name) =>
        fields.Skip(1).FirstOrDefault(field => field.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[name.Length..];
}
