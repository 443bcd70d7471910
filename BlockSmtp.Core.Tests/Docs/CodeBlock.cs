namespace BlockSmtp.Tests.Docs;

/// <summary>A block of code on a page.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Heading">The heading that it stands under, as it is written.</param>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Language">What stands behind the three ticks; empty where nothing does.</param>
/// <param name="Text">The block itself.</param>
/// <param name="File">The file whose text it is, where <c>`FILE`:</c> stands before it.</param>
/// <param name="Reason">Why no test runs it, if the page says so.</param>
internal sealed record CodeBlock(string Page, string Heading, int Line, string Language, string Text, string? File, string? Reason)
{
    /// <summary>Whether it has commands: a script, or what a terminal shows, with a prompt before each command.</summary>
    public bool HasCommands => Language is "sh" or "console";

    public override string ToString() => $"{Page}:{Line}";
}
