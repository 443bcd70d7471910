using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>
/// Where the commands on the pages find what they name: a network of its own, this machine's files with <c>/etc</c>, <c>/usr</c> and
/// <c>/var</c> such that what is written there is written nowhere, empty <c>/run</c> and <c>/mnt</c>, and the tool on the path. Commands
/// begin in <c>/mnt</c>. Disposing it ends all that runs in it.
/// </summary>
internal sealed class ServerForPages : IAsyncDisposable
{
    /// <summary>
    /// Changes are kept in memory; the namespace lives until standard input ends, which it does with this process at the latest.
    /// </summary>
    private const string Script = """
        mount -t tmpfs pages "$1"
        for folder in etc usr var; do
          mkdir -p "$1/$folder" "$1/work-$folder"
          mount -t overlay -o "lowerdir=/$folder,upperdir=$1/$folder,workdir=$1/work-$folder" pages "/$folder"
        done
        mount -t tmpfs pages /run
        mount -t tmpfs pages /mnt
        mkdir -p /etc/blocksmtp /var/lib/blocksmtp
        rm -rf /var/log/*
        printf '10.0.0.0/8\n' >/etc/blocksmtp/whitelist
        ln -sf "$2" /usr/bin/blocksmtp
        echo ready
        exec cat
        """;

    private readonly NetworkNamespace _network = new();
    private readonly TemporaryFolder _folder = new();
    private readonly RunningProgram _holder;

    private ServerForPages()
    {
        Requires.Tool("nsenter");
        Directory.CreateDirectory(_folder["changes"]);
        _holder = new RunningProgram(
            new ProcessStartInfo(
                "unshare",
                ["--mount", "--propagation=private", "sh", "-euc", Script, "sh", _folder["changes"], Path.GetFullPath(Tool.Path)]),
            input: true);
    }

    /// <summary>The words to put before a command so that it runs there.</summary>
    public string[] Prefix =>
    [
        "nsenter", $"--mount=/proc/{_holder.Id.ToString(CultureInfo.InvariantCulture)}/ns/mnt", $"--net=/run/netns/{_network.Name}",
        "env", "-C", "/mnt", "DOTNET_EnableDiagnostics=0",
        $"DOTNET_ROOT={Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."))}",
    ];

    public static async Task<ServerForPages> StartAsync()
    {
        var server = new ServerForPages();
        try
        {
            await server._holder.UntilItSays("ready");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Writes a file there.</summary>
    public void Write(string path, string text) =>
        Run("sh", "-c", "mkdir -p \"$(dirname \"$1\")\"; printf %s \"$2\" >>\"$1\"", "sh", path, text);

    public string Run(string file, params string[] arguments) => Command.Run(Prefix[0], [.. Prefix[1..], file, .. arguments]);

    /// <summary>Waits until a daemon there answers.</summary>
    public Task DaemonIsReady() =>
        Eventually.IsTrue(
            () => Command.Try(Prefix[0], [.. Prefix[1..], "blocksmtp", "status"]).ExitCode == 0,
            "the daemon answers",
            TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        await _holder.DisposeAsync();
        _network.Dispose();
        _folder.Dispose();
    }
}
