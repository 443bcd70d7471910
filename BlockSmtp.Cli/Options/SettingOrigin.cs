namespace BlockSmtp.Cli.Options;

/// <summary>Where the value of an option comes from.</summary>
/// <param name="Place">As a message and <c>check --print</c> name it: <c>/etc/blocksmtp/blocksmtp.conf:3</c>,
/// <c>BLOCKSMTP_DEBUG</c>.</param>
/// <param name="IsCommandLine">Whether it was typed; a wrong value is then 64 and not 78.</param>
internal sealed record SettingOrigin(string Place, bool IsCommandLine = false)
{
    public static SettingOrigin Default { get; } = new("default");

    public static SettingOrigin CommandLine { get; } = new("command line", IsCommandLine: true);
}
