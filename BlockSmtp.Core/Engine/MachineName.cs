using System.Net;

namespace BlockSmtp.Engine;

/// <summary>What this machine calls itself, with its domain where that can be told without asking anybody.</summary>
internal static class MachineName
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The name of the kernel, or the first one beside it in <c>/etc/hosts</c>, as <c>hostname -f</c> has it.</summary>
    public static string Find() => Find(Dns.GetHostName(), "/etc/hosts");

    /// <inheritdoc cref="Find()"/>
    /// <param name="name">The name of the kernel.</param>
    /// <param name="hosts">The file.</param>
    public static string Find(string name, string hosts)
    {
        if (name.Contains('.', StringComparison.Ordinal))
            return name;
        try
        {
            foreach (var line in File.ReadLines(hosts))
            {
                var end = line.IndexOf('#', StringComparison.Ordinal);
                var words = (end < 0 ? line : line[..end]).Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
                if (words.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase))
                    return words[1];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the short name has to do.
        }

        return name;
    }
}
