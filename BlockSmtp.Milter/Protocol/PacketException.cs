namespace BlockSmtp.Milter.Protocol;

/// <summary>A packet is not as it must be; the message says what it is. It ends the connection, and mail goes on without the
/// milter.</summary>
internal sealed class PacketException(string message) : Exception(message);
