namespace BlockSmtp.Milter.Protocol;

/// <summary>
/// The macros that were told for each step of a session, as they came: name and value, each ended by a zero. Room for them is used again,
/// so that a recipient costs none.
/// </summary>
internal sealed class MacroTable
{
    // In the order of a session; what was told later is asked first.
    private static ReadOnlySpan<byte> Steps =>
    [
        Command.Connect, Command.Helo, Command.Mail, Command.Recipient,
        Command.Data, Command.EndOfHeaders, Command.EndOfMessage, Command.Unknown,
    ];

    private readonly (byte[] Bytes, int Length)[] _steps = new (byte[], int)[Steps.Length];

    /// <summary>How much memory they take.</summary>
    public int Bytes { get; private set; }

    /// <summary>Takes the macros of a command that comes next. Those of commands that nobody asks of are left out.</summary>
    /// <exception cref="PacketException">The last has no end.</exception>
    public void Set(byte command, ReadOnlySpan<byte> macros)
    {
        if (macros is [.., not 0])
            throw new PacketException("a macro without an end");
        var step = Steps.IndexOf(command);
        if (step < 0)
            return;
        ref var known = ref _steps[step];
        if (known.Bytes is null || known.Bytes.Length < macros.Length)
        {
            Bytes += macros.Length - (known.Bytes?.Length ?? 0);
            known.Bytes = new byte[macros.Length];
        }

        macros.CopyTo(known.Bytes);
        known.Length = macros.Length;
    }

    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> name)
    {
        for (var step = _steps.Length - 1; step >= 0; step--)
        {
            for (ReadOnlySpan<byte> rest = _steps[step].Bytes.AsSpan(0, _steps[step].Length); !rest.IsEmpty;)
            {
                var isMeant = Take(ref rest).SequenceEqual(name);
                var value = Take(ref rest);
                if (isMeant)
                    return value;
            }
        }

        return default;
    }

    /// <summary>Forgets what was told for the steps behind a command.</summary>
    public void ForgetAfter(byte command)
    {
        for (var step = Steps.IndexOf(command) + 1; step < _steps.Length; step++)
            _steps[step].Length = 0;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (ref var step in _steps.AsSpan())
            step.Length = 0;
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)0);
        var text = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return text;
    }
}
