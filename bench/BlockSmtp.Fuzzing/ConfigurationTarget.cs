using BlockSmtp.Cli;
using BlockSmtp.Cli.Configuration;

namespace BlockSmtp.Fuzzing;

/// <summary>A configuration file: it is read, or refused in words; where an option stands is known of each.</summary>
internal sealed class ConfigurationTarget : ITarget
{
    private readonly string _path = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
        FormattableString.Invariant($"blocksmtp-fuzz-{Environment.ProcessId}.conf"));

    public void Read(ReadOnlySpan<byte> input)
    {
        try
        {
            File.WriteAllBytes(_path, input);
            var file = ConfigurationFile.Load(_path);
            foreach (var name in file.Values.Keys)
                file.OriginOf(name);
        }
        catch (CommandException)
        {
            // In words.
        }
        finally
        {
            File.Delete(_path);
        }
    }
}
