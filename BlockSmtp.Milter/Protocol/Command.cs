namespace BlockSmtp.Milter.Protocol;

/// <summary>The first byte of a packet of a mail server (sendmail, include/libmilter/mfdef.h: SMFIC_).</summary>
internal static class Command
{
    public const byte Abort = (byte)'A';
    public const byte Body = (byte)'B';
    public const byte Connect = (byte)'C';
    public const byte Macros = (byte)'D';
    public const byte EndOfMessage = (byte)'E';
    public const byte Helo = (byte)'H';
    public const byte QuitAndConnect = (byte)'K';
    public const byte Header = (byte)'L';
    public const byte Mail = (byte)'M';
    public const byte EndOfHeaders = (byte)'N';
    public const byte Negotiate = (byte)'O';
    public const byte Quit = (byte)'Q';
    public const byte Recipient = (byte)'R';
    public const byte Data = (byte)'T';
    public const byte Unknown = (byte)'U';
}
