namespace BlockSmtp.Tests.Fixtures;

/// <summary>What a test needs of the machine. A test that lacks it is skipped and says why; .ci/run takes no skips.</summary>
internal static class Requires
{
    public static void Root()
    {
        Declared(Needs.Root);
        Need(Environment.IsPrivilegedProcess, "it needs root");
    }

    public static void Lab()
    {
        Declared(Needs.Lab);
        Root();
    }

    public static void Guest()
    {
        Declared(Needs.Guest);
        Root();
    }

    public static void Tool(string name) =>
        Need(Find(name) is not null, $"'{name}' is not installed (eng/test installs it)");

    public static string? Find(string name) =>
        new[] { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin" }
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>A test that could not be left out by its category would be met by those who cannot run it.</summary>
    private static void Declared(string category)
    {
        var test = TestContext.CurrentContext.Test;
        if (!test.AllPropertyValues("Category").Contains(category))
            Assert.Fail($"{test.FullName} needs [Category(Needs.{category})]: on itself, its class or the set-up of its folder");
    }

    public static void Need(bool condition, string because)
    {
        if (!condition)
            Assert.Ignore("skipped, because " + because);
    }
}
