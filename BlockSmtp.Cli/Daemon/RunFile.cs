namespace BlockSmtp.Cli.Daemon;

/// <summary>Files of a running daemon. They are as far known as its rules are: in one network namespace.</summary>
internal static class RunFile
{
    /// <summary>Where they are; root's, and made by systemd or by the daemon.</summary>
    public const string Directory = "/run/blocksmtp";

    /// <summary>The path of a file; its name may be no other daemon's.</summary>
    public static string Of(string name) => Path.Combine(Directory, $"{Namespace()}{name}");

    /// <summary>The number of the network namespace (namespaces(7)); nothing where that cannot be known.</summary>
    private static string Namespace() =>
        new FileInfo("/proc/self/ns/net").LinkTarget is { } target && target.IndexOf('[') is >= 0 and var at
            ? target[(at + 1)..].TrimEnd(']') + "-"
            : "";
}
