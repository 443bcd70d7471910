namespace BlockSmtp.Diagnostics;

/// <summary>The members of <see cref="IFirewall"/>.</summary>
internal enum FirewallCall
{
    Start,
    Apply,
    List,
    Stop,
}
