using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BlockSmtp.Milter.Protocol;

/// <summary>
/// What mail server and milter agree on at first: the version, and what is not asked of. A bit that the mail server has not offered is
/// never asked for: it would hang up.
/// </summary>
internal static class Negotiation
{
    public const int LatestVersion = 6;

    private const int OldestVersion = 2;
    private const int Length = 3 * sizeof(uint);

    // SMFIF_SETSYMLIST: the milter may say which macros it wants.
    private const uint MacroLists = 0x100;

    // SMFIP_RCPT_REJ
    private const uint RejectedRecipients = 0x800;

    // SMFIP_NOBODY, NOHDRS, NOEOH, NODATA
    private const uint Never = 0x10 | 0x20 | 0x40 | 0x200;

    // SMFIP_NOCONNECT, NOHELO, NOMAIL, NORCPT, NOUNKNOWN
    private static readonly (MilterSteps Step, uint Skip)[] Skips =
    [
        (MilterSteps.Connect, 0x1), (MilterSteps.Helo, 0x2), (MilterSteps.Mail, 0x4), (MilterSteps.Recipients, 0x8),
        (MilterSteps.Unknown, 0x100),
    ];

    /// <summary>Writes the answer to an offer.</summary>
    /// <returns>The version.</returns>
    /// <exception cref="PacketException">It is none, or of a version before 2.</exception>
    public static int Answer(ReadOnlySpan<byte> offer, MilterServerOptions options, IBufferWriter<byte> output)
    {
        if (offer.Length < Length)
            throw new PacketException("an offer that is too short");
        var offered = BinaryPrimitives.ReadUInt32BigEndian(offer);
        if (offered < OldestVersion)
            throw new PacketException($"version {offered} of the protocol, which is not spoken any more");
        var version = Math.Min(offered, LatestVersion);
        var actions = BinaryPrimitives.ReadUInt32BigEndian(offer[4..]) & MacroLists;
        var steps = BinaryPrimitives.ReadUInt32BigEndian(offer[8..]) & StepsOf(options.Steps);
        var macros = actions == 0 || version < LatestVersion ? [] : MacrosOf(options);
        var length = 1 + Length + macros.Length;
        var packet = output.GetSpan(Packet.HeaderLength + length);
        BinaryPrimitives.WriteInt32BigEndian(packet, length);
        packet[4] = ReplyCode.Negotiate;
        BinaryPrimitives.WriteUInt32BigEndian(packet[5..], version);
        BinaryPrimitives.WriteUInt32BigEndian(packet[9..], macros.Length > 0 ? actions : 0);
        BinaryPrimitives.WriteUInt32BigEndian(packet[13..], steps);
        macros.CopyTo(packet[17..]);
        output.Advance(Packet.HeaderLength + length);
        return (int)version;
    }

    private static uint StepsOf(MilterSteps wanted)
    {
        var steps = Never;
        foreach (var (step, skip) in Skips)
        {
            if ((wanted & step) == 0)
                steps |= skip;
        }

        return (wanted & MilterSteps.RejectedRecipients) != 0 ? (steps & ~0x8u) | RejectedRecipients : steps;
    }

    /// <summary>For each step its number (SMFIM_) and the names.</summary>
    private static byte[] MacrosOf(MilterServerOptions options)
    {
        var lists = new List<byte>();
        (uint Step, string? Names)[] wanted =
            [(0, options.ConnectMacros), (2, options.MailMacros), (3, options.RecipientMacros), (5, options.EndOfMessageMacros)];
        foreach (var (step, names) in wanted)
        {
            if (names is not null)
                lists.AddRange([0, 0, 0, (byte)step, .. Encoding.ASCII.GetBytes(names), 0]);
        }

        return [.. lists];
    }
}
