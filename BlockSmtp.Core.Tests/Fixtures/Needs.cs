namespace BlockSmtp.Tests.Fixtures;

/// <summary>
/// The categories by which tests are picked: <c>--filter 'TestCategory!=Root'</c> runs those that anybody can run.
/// One stands on a test, its class, or the set-up of its folder; <see cref="Requires"/> fails where it is missing.
/// </summary>
internal static class Needs
{
    /// <summary>Network namespaces, a firewall, other users' processes.</summary>
    public const string Root = nameof(Root);

    /// <summary>A real mail server in namespaces (eng/sendmail-lab).</summary>
    public const string Lab = nameof(Lab);

    /// <summary>A machine that is booted (eng/debian-guest).</summary>
    public const string Guest = nameof(Guest);
}
