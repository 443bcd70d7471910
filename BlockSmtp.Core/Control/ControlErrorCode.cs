namespace BlockSmtp.Control;

/// <summary>The codes of <see cref="ControlError"/>.</summary>
public static class ControlErrorCode
{
    /// <summary>
    /// The line is no request: no JSON, too long, an unknown version or command, or something is missing. The connection is closed.
    /// </summary>
    public const string BadRequest = "bad_request";

    /// <summary>The client's user may not ask. The connection is closed.</summary>
    public const string NotPermitted = "not_permitted";

    /// <summary>The white-list trusts a part of the network, or the mail server is in it.</summary>
    public const string Trusted = "trusted";

    /// <summary>What is to be unblocked is not blocked.</summary>
    public const string NotBlocked = "not_blocked";

    /// <summary>The daemon keeps no history.</summary>
    public const string NoHistory = "no_history";

    /// <summary>The configuration or the white-list is not right; those in force stay.</summary>
    public const string BadConfiguration = "bad_configuration";

    /// <summary>The daemon could not do it.</summary>
    public const string Failed = "failed";

    /// <summary>Of the client alone: nobody listens.</summary>
    public const string NotRunning = "not_running";
}
