namespace BlockSmtp.Milter.Protocol;

/// <summary>The first byte of a packet to a mail server (SMFIR_).</summary>
internal static class ReplyCode
{
    public const byte Accept = (byte)'a';
    public const byte Continue = (byte)'c';
    public const byte Negotiate = (byte)'O';
    public const byte Reject = (byte)'r';
    public const byte TemporaryFailure = (byte)'t';
    public const byte Text = (byte)'y';
}
