using System.Reflection;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>An option of a command, with the property that holds its text.</summary>
internal sealed class CliOption(OptionAttribute attribute, PropertyInfo property)
{
    public string Name => attribute.LongName;

    public string Help => attribute.HelpText;

    /// <summary>What its value is called; empty for a flag, which has none.</summary>
    public string MetaValue => attribute.MetaValue ?? "";

    public bool IsFlag => MetaValue.Length == 0;

    public bool IsFile => MetaValue is "FILE" or "PATH" or "DIR" or "PROGRAM";

    /// <summary>The words that its help lists as its values; none where it may be anything.</summary>
    public IReadOnlyList<string> Values => Name switch
    {
        "firewall" => ["iptables", "nftables", "ipset", "none", "auto"],
        "mailer" => ["sendmail", "postfix", "exim", "auto"],
        "deny" => ["close", "alike"],
        "policy" => ["balance", "count"],
        "distributed" => ["alarm", "block", "off"],
        _ => [],
    };

    /// <summary>Whether it may stand without its value, which is written in brackets.</summary>
    public bool MayLackValue => MetaValue.StartsWith('[');

    /// <summary>As help writes it: <c>--debug=N</c>, <c>--journal[=UNIT]</c>.</summary>
    public string Usage => IsFlag ? $"--{Name}" : MayLackValue ? $"--{Name}[={MetaValue[1..]}" : $"--{Name}={MetaValue}";

    /// <summary>Whether it takes effect on a reload.</summary>
    public bool IsReloadable => property.IsDefined(typeof(ReloadableAttribute));

    /// <summary>What the help says that it is when nobody sets it.</summary>
    public string Default
    {
        get
        {
            var at = Help.LastIndexOf("Default", StringComparison.Ordinal);
            return at >= 0 ? Help[(at + "Default".Length)..].TrimStart(':', ' ').TrimEnd('.') : IsFlag ? "no" : "none";
        }
    }

    public bool IsSet(object verb) => property.GetValue(verb) switch
    {
        null => false,
        bool flag => flag,
        string => true,
        IEnumerable<string> several => several.Any(),
        _ => true,
    };

    /// <summary>The text that it has; null for none.</summary>
    public string? TextOf(object verb) => property.GetValue(verb) switch
    {
        string text => text,
        bool flag => flag ? "yes" : "no",
        IEnumerable<string> several => several.Any() ? string.Join(',', several) : null,
        _ => null,
    };

    /// <summary>Sets it from a configuration; false when it is a flag and the text neither yes nor no.</summary>
    public bool TrySet(object verb, string text)
    {
        if (property.PropertyType == typeof(bool))
        {
            if (text.ToLowerInvariant() is not ("yes" or "no" or "true" or "false"))
                return false;
            property.SetValue(verb, text.ToLowerInvariant() is "yes" or "true");
        }
        else if (property.PropertyType == typeof(string))
        {
            property.SetValue(verb, text);
        }
        else
        {
            property.SetValue(verb, text.Split(',', StringSplitOptions.TrimEntries));
        }

        return true;
    }
}
