using System.Text;
using BlockSmtp.Milter;

namespace BlockSmtp.Cli.Commands;

/// <summary>
/// The milters that a main.cf has smtpd ask: <c>smtpd_milters</c>, and the times and the default action for all or, in curly
/// brackets, for one (postconf(5)).
/// </summary>
internal static class PostfixMilters
{
    private const int DeepestReference = 8;

    public static List<AskedMilter> Of(IEnumerable<string> lines)
    {
        var settings = Settings(lines);
        return [.. Elements(Value(settings, "smtpd_milters", "")).Select(element => Read(element, settings))];
    }

    private static AskedMilter Read(string element, Dictionary<string, string> settings)
    {
        var words = element.Trim('{', '}').Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        string Own(string name, string ofAll, string standard) =>
            words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
            ?? Value(settings, ofAll, standard);
        var place = words.FirstOrDefault() ?? "";
        var action = Own("default_action", "milter_default_action", "tempfail");
        return new AskedMilter(
            place, MilterAddress.TryParse(place, out var address) ? address : null, action == "accept" ? null : $"default_action {action}",
            AskedMilter.Seconds(Own("connect_timeout", "milter_connect_timeout", "30s")) ?? 30,
            AskedMilter.Seconds(Own("command_timeout", "milter_command_timeout", "30s")) ?? 30,
            AskedMilter.Seconds(Own("content_timeout", "milter_content_timeout", "300s")) ?? 300);
    }

    /// <summary>What blanks or commas separate, but for those in curly brackets.</summary>
    private static IEnumerable<string> Elements(string value)
    {
        var element = new StringBuilder();
        var depth = 0;
        foreach (var letter in value + " ")
        {
            depth += letter == '{' ? 1 : letter == '}' ? -1 : 0;
            if (depth > 0 || letter is not (' ' or '\t' or ','))
            {
                element.Append(letter);
                continue;
            }

            if (element.Length > 0)
                yield return element.ToString();
            element.Clear();
        }
    }

    private static string Value(Dictionary<string, string> settings, string name, string standard, int depth = 0)
    {
        var value = settings.GetValueOrDefault(name, standard);
        for (var at = value.IndexOf('$', StringComparison.Ordinal); at >= 0 && depth < DeepestReference; at = value.IndexOf('$', at))
        {
            var end = at + 1;
            while (end < value.Length && (char.IsAsciiLetterOrDigit(value[end]) || value[end] is '_' or '{' or '}' or '(' or ')'))
                end++;
            var meant = Value(settings, value[(at + 1)..end].Trim('{', '}', '(', ')'), "", depth + 1);
            value = value[..at] + meant + value[end..];
            at += meant.Length;
            if (at >= value.Length)
                break;
        }

        return value;
    }

    /// <summary>The last of each name counts; a line that begins with a blank goes on with the one before.</summary>
    private static Dictionary<string, string> Settings(IEnumerable<string> lines)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        string? name = null;
        foreach (var line in lines)
        {
            var isMore = line.Length > 0 && line[0] is ' ' or '\t';
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            if (isMore && name is not null)
            {
                settings[name] += " " + text;
            }
            else if (text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                name = text[..at].TrimEnd();
                settings[name] = text[(at + 1)..].TrimStart();
            }
        }

        return settings;
    }
}
