namespace BlockSmtp;

/// <summary>A line of a white-list is not a network address.</summary>
public sealed class WhiteListException : FormatException
{
    /// <summary>Makes an exception without a message.</summary>
    public WhiteListException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public WhiteListException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public WhiteListException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal WhiteListException(string name, int line, string text)
        : base($"{name}:{line}: '{Shown(text)}' is not a network address")
    {
        Line = line;
        Text = text;
    }

    /// <summary>The number of the line, from 1.</summary>
    public int Line { get; }

    /// <summary>What the line says.</summary>
    public string Text { get; } = "";

    /// <summary>Keeps control characters from the terminal, and a binary file from filling it.</summary>
    private static string Shown(string text)
    {
        var shown = new string([.. text.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter)]);
        return text.Length > 100 ? shown + "…" : shown;
    }
}
