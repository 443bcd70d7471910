namespace BlockSmtp.Sockets;

/// <summary>What is at the path where a Unix socket is to be.</summary>
internal enum SocketPlace
{
    /// <summary>Nothing, or nothing any more.</summary>
    Free,

    /// <summary>The socket of a program that runs.</summary>
    InUse,

    /// <summary>A file or folder that is no socket.</summary>
    NoSocket,
}
