namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A white-list file of a test's own.</summary>
internal sealed class WhiteListFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public WhiteListFile(params string[] lines) => Write(lines);

    public string Option => $"--white-list={_path}";

    public void Write(params string[] lines) => File.WriteAllLines(_path, lines);

    public void Dispose() => File.Delete(_path);
}
