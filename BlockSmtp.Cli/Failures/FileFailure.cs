namespace BlockSmtp.Cli;

/// <summary>Says why a file cannot be read, and what would help.</summary>
internal static class FileFailure
{
    public static string Describe(string path, Exception failure) => failure switch
    {
        _ when Directory.Exists(path) => $"'{path}' cannot be read: it is a directory, name a file",
        FileNotFoundException or DirectoryNotFoundException => $"'{path}' cannot be read: there is no such file",
        UnauthorizedAccessException => $"'{path}' cannot be read: permission denied, run as a user who may read it",
        _ => $"'{path}' cannot be read: {failure.Message}",
    };
}
