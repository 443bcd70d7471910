using System.Buffers.Binary;
using System.Text;

namespace BlockSmtp.Firewalls;

/// <summary>Writes messages to nf_tables, one behind the other.</summary>
internal sealed class NftablesMessageWriter
{
    private byte[] _bytes = new byte[1024];
    private int _length;
    private int _message;
    private uint _number;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>The number of the message that was begun last.</summary>
    public uint Number => _number;

    public void Clear() => (_length, _number) = (0, 0);

    /// <summary>Begins a message.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="flags">Those of its header.</param>
    /// <param name="family">Whose table it is about.</param>
    /// <param name="subsystem">Of a batch: who is to carry it out.</param>
    public void Begin(ushort type, ushort flags, byte family, ushort subsystem = 0)
    {
        _message = _length;
        var header = Take(NftablesMessages.HeaderSize + NftablesMessages.FamilySize);
        BitConverter.TryWriteBytes(header[4..], type);
        BitConverter.TryWriteBytes(header[6..], flags);
        BitConverter.TryWriteBytes(header[8..], ++_number);
        header[NftablesMessages.HeaderSize] = family;
        BinaryPrimitives.WriteUInt16BigEndian(header[(NftablesMessages.HeaderSize + 2)..], subsystem);
    }

    /// <summary>Ends the message.</summary>
    public void End() => BitConverter.TryWriteBytes(_bytes.AsSpan(_message), _length - _message);

    /// <summary>The message that was begun last is to be answered.</summary>
    public void WantAnswer()
    {
        var flags = _bytes.AsSpan(_message + 6);
        BitConverter.TryWriteBytes(flags, (ushort)(BitConverter.ToUInt16(flags) | NftablesMessages.Acknowledge));
    }

    /// <summary>Adds an attribute whose value is to be written.</summary>
    public Span<byte> Attribute(ushort type, int length)
    {
        var attribute = Take(NftablesMessages.AttributeSize + NftablesMessages.Aligned(length));
        BitConverter.TryWriteBytes(attribute, (ushort)(NftablesMessages.AttributeSize + length));
        BitConverter.TryWriteBytes(attribute[2..], type);
        return attribute.Slice(NftablesMessages.AttributeSize, length);
    }

    public void Text(ushort type, string text)
    {
        // Behind it is the zero that ends it.
        var value = Attribute(type, Encoding.ASCII.GetByteCount(text) + 1);
        Encoding.ASCII.GetBytes(text, value);
    }

    /// <summary>Begins an attribute that is made of others.</summary>
    /// <returns>Where it is, for <see cref="EndNested"/>.</returns>
    public int BeginNested(ushort type)
    {
        var at = _length;
        Attribute((ushort)(type | NftablesMessages.Nested), 0);
        return at;
    }

    public void EndNested(int at) => BitConverter.TryWriteBytes(_bytes.AsSpan(at), (ushort)(_length - at));

    private Span<byte> Take(int length)
    {
        if (_length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        var taken = _bytes.AsSpan(_length, length);
        taken.Clear();
        _length += length;
        return taken;
    }
}
