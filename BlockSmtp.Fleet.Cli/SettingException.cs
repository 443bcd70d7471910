namespace BlockSmtp.Fleet.Cli;

/// <summary>An option is not right. The message says which, and how to mend it.</summary>
internal sealed class SettingException(string message, bool isInFile) : Exception(message)
{
    /// <summary>Whether it stands in the configuration, and not on the command line.</summary>
    public bool IsInFile { get; } = isInFile;
}
