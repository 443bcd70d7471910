using System.Net;
using BlockSmtp.Milter.Protocol;

namespace BlockSmtp.Milter;

/// <summary>One SMTP session, as the mail server tells of it.</summary>
public sealed class MilterSession
{
    private readonly MacroTable _macros = new();

    internal MilterSession()
    {
    }

    /// <summary>
    /// The client, IPv4 as itself; null before <see cref="IMilter.ConnectAsync"/>, and for one that has no address, such as a program of
    /// the mail server's own machine. Behind a load balancer that the mail server trusts (PROXY protocol, XCLIENT) it is the true one.
    /// </summary>
    public IPAddress? Client { get; private set; }

    /// <summary>The client's port; 0 where it is not known.</summary>
    public int ClientPort { get; private set; }

    /// <summary>The version of the protocol that is spoken, 2 to 6.</summary>
    public int Version { get; internal set; }

    /// <summary>
    /// The value of a macro of the mail server (sendmail's <c>Milter.macros</c>, Postfix's <c>milter_…_macros</c>), the latest that was
    /// told. Valid until the call has ended. Much of it is the client's own text.
    /// </summary>
    /// <param name="name">The name, in curly brackets if it is longer than a letter: <c>i</c>, <c>{client_addr}</c>.</param>
    /// <returns>The value; empty also for one that was not told.</returns>
    public ReadOnlySpan<byte> Macro(ReadOnlySpan<byte> name) => _macros.Find(name);

    internal int MacroBytes => _macros.Bytes;

    internal void SetClient(IPAddress? client, int port)
    {
        _macros.ForgetAfter(Command.Connect);
        (Client, ClientPort) = (client, port);
    }

    internal void SetMacros(byte command, ReadOnlySpan<byte> macros) => _macros.Set(command, macros);

    internal void ForgetMacrosAfter(byte command) => _macros.ForgetAfter(command);

    internal void Clear()
    {
        _macros.Clear();
        (Client, ClientPort) = (null, 0);
    }
}
