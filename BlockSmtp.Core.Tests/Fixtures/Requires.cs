namespace BlockSmtp.Tests.Fixtures;

/// <summary>What a test needs of the machine. A test that lacks it is skipped and says why; .ci/run takes no skips.</summary>
internal static class Requires
{
    public static void Root() =>
        Need(Environment.IsPrivilegedProcess, "it needs root");

    public static void Tool(string name) =>
        Need(Find(name) is not null, $"'{name}' is not installed (eng/test installs it)");

    public static string? Find(string name) =>
        new[] { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin" }
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    public static void Need(bool condition, string because)
    {
        if (!condition)
            Assert.Ignore("skipped, because " + because);
    }
}
