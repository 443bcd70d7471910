using System.Diagnostics.CodeAnalysis;

namespace BlockSmtp.Collections;

/// <summary>
/// Room for a few values, of which most have one: that one needs no object. A default value is a free place; free places come last.
/// </summary>
internal struct ShortList<T>
    where T : struct
{
    private T _first;
    private T[]? _others;

    /// <summary>For how many there is room.</summary>
    public readonly int Room => 1 + (_others?.Length ?? 0);

    /// <summary>A value, to be changed where it stands.</summary>
    [UnscopedRef]
    public ref T this[int index] => ref index == 0 ? ref _first : ref _others![index - 1];

    /// <summary>A value.</summary>
    public readonly T At(int index) => index == 0 ? _first : _others![index - 1];

    /// <summary>Makes room for more.</summary>
    public void Grow() => Array.Resize(ref _others, _others is null ? 1 : (_others.Length * 2) + 1);
}
