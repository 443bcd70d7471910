namespace BlockSmtp.Tests.Docs;

/// <summary>This test runs the blocks of commands of a page, or those under one of its headings, as <see cref="ShellBlock.ToRun"/> gives them.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RunsBlocksAttribute(string page, string? section = null) : Attribute
{
    public string Page { get; } = page;

    public string? Section { get; } = section;

    public bool Covers(ShellBlock block) => block.Page == Page && (Section is null || block.Section == Section);
}
