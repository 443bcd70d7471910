namespace BlockSmtp.Cli;

/// <summary>What the program ends with: the codes of sysexits.h, which are sendmail's own.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Usage = 64;
    public const int NoInput = 66;
    public const int Unavailable = 69;
    public const int Software = 70;
    public const int IoError = 74;
    public const int NoPermission = 77;
    public const int Config = 78;

    /// <summary>What each of them says, as the help and the manual page have it.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Ok, "fine"),
        (Usage, "bad option"),
        (NoInput, "unreadable file"),
        (Unavailable, "something needed is missing or taken"),
        (Software, "a defect"),
        (IoError, "input/output error"),
        (NoPermission, "not permitted"),
        (Config, "bad configuration or white-list"),
    ];
}
