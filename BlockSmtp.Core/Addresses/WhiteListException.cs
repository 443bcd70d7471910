using System.Globalization;
using BlockSmtp.Addresses;

namespace BlockSmtp;

/// <summary>A line of a white-list is not a network address.</summary>
public sealed class WhiteListException : FormatException
{
    private const int MostDetails = 20;

    private readonly List<string> _details = [];

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

    internal WhiteListException(string name, IReadOnlyList<(int Line, string Text)> mistakes)
        : base(Describe(name, mistakes[0].Line, mistakes[0].Text))
    {
        (Line, Text) = mistakes[0];
        if (NetworkMistake.Of(Text) is { } hint)
            _details.Add($"{name}:{Line}: {hint}");
        foreach (var (line, text) in mistakes.Skip(1).Take(MostDetails))
            _details.Add(Describe(name, line, text) + (NetworkMistake.Of(text) is { } next ? $": {next}" : ""));
        if (mistakes.Count - 1 > MostDetails)
            _details.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {mistakes.Count - 1 - MostDetails:N0} more lines are none"));
    }

    /// <summary>
    /// What else there is to say, one line each: what the line looks like and what would be right, then the same of all further lines that
    /// are wrong.
    /// </summary>
    public IReadOnlyList<string> Details => _details;

    /// <summary>The number of the line, from 1.</summary>
    public int Line { get; }

    /// <summary>What the line says.</summary>
    public string Text { get; } = "";

    private static string Describe(string name, int line, string text) => $"{name}:{line}: '{Shown(text)}' is not a network address";

    /// <summary>Keeps control characters from the terminal, and a binary file from filling it.</summary>
    private static string Shown(string text)
    {
        var shown = new string([.. text.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter)]);
        return text.Length > 100 ? shown + "…" : shown;
    }
}
