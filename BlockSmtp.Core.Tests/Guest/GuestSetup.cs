using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>Makes what the tests of this folder share: the clean system that guests are copies of, and two packages of the tool.</summary>
[SetUpFixture, Category(Needs.Root), Category(Needs.Guest)]
internal sealed class GuestSetup
{
    public const string OldVersion = "1.0.0~test1", NewVersion = "1.0.0~test2";

    private static TemporaryFolder? _folder;

    /// <summary>The clean system. BLOCKSMTP_GUEST_BASE names one that is kept from run to run.</summary>
    public static string Base { get; private set; } = "";

    /// <summary>The package as a first version and as a later one.</summary>
    public static string OldPackage { get; private set; } = "";

    public static string NewPackage { get; private set; } = "";

    /// <summary>The package of the fleet's program, which is made beside another.</summary>
    public static string FleetPackageOf(string package) => package.Replace("blocksmtp_", "blocksmtp-fleet_", StringComparison.Ordinal);

    [OneTimeSetUp]
    public static void Make()
    {
        Requires.Guest();
        Requires.Tool("mmdebstrap");
        Requires.Tool("systemd-nspawn");
        Requires.Need(Tool.IsNative, "a package carries the native tool: run eng/test, or set BLOCKSMTP_BINARY to a published one");
        _folder = new TemporaryFolder();
        Base = Environment.GetEnvironmentVariable("BLOCKSMTP_GUEST_BASE") is { Length: > 0 } kept ? kept : _folder["base"];
        if (!Directory.Exists(Base))
            Command.Run(TimeSpan.FromMinutes(10), DebianGuest.Script, [Base, "base"]);
        OldPackage = Build(OldVersion);
        NewPackage = Build(NewVersion);
    }

    [OneTimeTearDown]
    public static void Remove()
    {
        // Not by .NET alone: a system has tens of thousands of files.
        if (_folder is not null)
            Command.Run(TimeSpan.FromMinutes(2), "rm", ["-rf", _folder["base"]]);
        _folder?.Dispose();
    }

    /// <summary>Packages the tool under test; returns the package's path.</summary>
    public static string Build(string version, string folder = "packages")
    {
        var printed = Command.Run(TimeSpan.FromMinutes(5), Path.Combine(Repository.Root, "packaging", "deb", "build"),
            [
                $"binary={Path.GetFullPath(Tool.Path)}",
                $"fleet={Path.GetFullPath(FleetProgram.Path)}",
                $"version={version}",
                $"output={_folder![folder]}"]);
        return printed.Trim().Split('\n')[^1];
    }
}
