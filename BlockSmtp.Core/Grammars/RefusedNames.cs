namespace BlockSmtp.Grammars;

/// <summary>What is named in a line that refuses a recipient, and so may be repeated in the words of the site.</summary>
internal readonly ref struct RefusedNames
{
    /// <summary>The recipient without brackets; empty where it is not known.</summary>
    public ReadOnlySpan<byte> Recipient { get; init; }

    /// <summary>The sender in its brackets, who may be a third one; empty where it is not known.</summary>
    public ReadOnlySpan<byte> Sender { get; init; }

    /// <summary>The client by its name in the DNS and its address: <c>mx.example.org[192.0.2.1]</c>.</summary>
    public ReadOnlySpan<byte> Client { get; init; }

    /// <summary>What it calls itself.</summary>
    public ReadOnlySpan<byte> Helo { get; init; }

    /// <summary>The sender's address; empty for none.</summary>
    public ReadOnlySpan<byte> Address => Sender.Length > 2 ? Sender[1..^1] : default;
}
