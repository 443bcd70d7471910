namespace BlockSmtp.Firewalls;

/// <summary>The attributes of a message, one behind the other; struct nlattr.</summary>
internal static class NftablesAttributes
{
    /// <summary>The value of the first one of a kind; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        while (TryTake(ref attributes, out var type, out var value))
        {
            if (type == wanted)
                return value;
        }

        return default;
    }

    /// <summary>Takes the first one off.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (attributes.Length < NftablesMessages.AttributeSize)
            return false;
        int length = BitConverter.ToUInt16(attributes);
        if (length < NftablesMessages.AttributeSize || length > attributes.Length)
            return false;
        type = (ushort)(BitConverter.ToUInt16(attributes[2..]) & NftablesMessages.TypeMask);
        value = attributes[NftablesMessages.AttributeSize..length];
        attributes = attributes[Math.Min(NftablesMessages.Aligned(length), attributes.Length)..];
        return true;
    }

    /// <summary>Whether a value is this text, which the kernel ends with a zero.</summary>
    public static bool IsText(ReadOnlySpan<byte> value, ReadOnlySpan<byte> text) =>
        value.Length == text.Length + 1 && value[^1] == 0 && value.StartsWith(text);
}
