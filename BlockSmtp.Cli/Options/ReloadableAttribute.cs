namespace BlockSmtp.Cli.Options;

/// <summary>An option that a running daemon takes over when it reads its configuration again; any other needs a restart.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReloadableAttribute : Attribute;
