using BlockSmtp.Tests.Docs;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// What README.Debian has people put into files: the lines that are moved in, under one of its headings. (What they type has a prompt.)
/// </summary>
internal static class DebianReadme
{
    public const string Name = "packaging/deb/debian/blocksmtp.README.Debian";

    public static IReadOnlyList<string> Lines(string heading)
    {
        var lines = Page.Find(Name).Text.Split('\n');
        var start = Array.IndexOf(lines, heading) + 2;
        start.Should().BeGreaterThan(1, $"'{heading}' is a heading");
        // The next heading is what has a line of dashes under it.
        var end = Array.FindIndex(lines, start, line => line.Length > 3 && line.All(letter => letter == '-')) - 1;
        return
        [
            .. lines[start..(end < 0 ? lines.Length : end)]
                .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && !line.StartsWith("    # ", StringComparison.Ordinal))
                .Select(line => line.Trim()),
        ];
    }
}
