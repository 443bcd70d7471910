using BlockSmtp.Cli.Options;
using Microsoft.Extensions.Configuration.Ini;

namespace BlockSmtp.Cli.Configuration;

/// <summary>A file of options, one a line: <c>name = value</c>. In INI form, without sections.</summary>
internal sealed class ConfigurationFile
{
    public const string Usual = "/etc/blocksmtp/blocksmtp.conf";

    private const int Longest = 1024 * 1024;

    private readonly string _path;
    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    private ConfigurationFile(string path, byte[] text)
    {
        _path = path;
        FindLines(new StreamReader(new MemoryStream(text)));
        Values = IniStreamConfigurationProvider.Read(new MemoryStream(text));
    }

    /// <summary>The options that it sets, by their names; upper and lower case are alike.</summary>
    public IDictionary<string, string?> Values { get; }

    /// <exception cref="CommandException">It cannot be read (66), others than root may write to it, or a line is wrong (78).</exception>
    public static ConfigurationFile Load(string path)
    {
        byte[] text;
        try
        {
            FileTrust.Require(path);
            using var file = File.OpenRead(path);
            if (file.Length > Longest)
                throw new CommandException(
                    ExitCode.Config, $"{path}: it is longer than 1 MiB, which no configuration is: name another file with --config");
            using var memory = new MemoryStream();
            file.CopyTo(memory);
            text = memory.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.NoInput, $"--config: {FileFailure.Describe(path, e)}");
        }

        return new ConfigurationFile(path, text);
    }

    public SettingOrigin OriginOf(string name) => new($"{_path}:{_lines[name]}");

    /// <summary>
    /// Checks the form of each line and keeps where each option stands: the INI reader tells neither, and gives no line of what it
    /// does not like.
    /// </summary>
    private void FindLines(StreamReader reader)
    {
        for (var number = 1; reader.ReadLine() is { } raw; number++)
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is ';' or '#' or '/')
                continue;
            if (line[0] == '[')
                throw Wrong(number, $"'{Printable.Show(line)}' begins a section, but there are none: take the line out");
            var sign = line.IndexOf('=');
            if (sign < 0)
                throw Wrong(number, $"'{Printable.Show(line)}' is not a setting: write name = value, or # before a comment");
            var name = line[..sign].Trim();
            if (name.Length == 0)
                throw Wrong(number, $"'{Printable.Show(line)}' has no name before its =: write name = value");
            if (!_lines.TryAdd(name, number))
                throw Wrong(number, $"{Printable.Show(name)} is set in line {_lines[name]} already: take one of them out, "
                    + "or write several values with commas between");
        }
    }

    private CommandException Wrong(int line, string what) => new(ExitCode.Config, $"{_path}:{line}: {what}");
}
