namespace BlockSmtp.Firewalls;

/// <summary>Where the programs of the package iptables are; a test sets what it needs.</summary>
internal sealed class IptablesTools
{
    /// <summary><c>-nft</c> or <c>-legacy</c> for one flavour, empty for what the machine uses (update-alternatives(1)).</summary>
    public string Flavour { get; init; } = "";

    /// <summary>A command, by path, to run them through, such as <c>/usr/sbin/ip netns exec NAME</c>.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Directories to look in, in order. A daemon's PATH often lacks the sbin ones.</summary>
    public IReadOnlyList<string> SearchPath { get; init; } =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted), "/usr/sbin", "/sbin"];

    /// <summary>A file that the kernel shows only with IPv6 on (proc_net(5)).</summary>
    public string IPv6InterfacesFile { get; init; } = "/proc/net/if_inet6";

    /// <summary>Whether this kernel speaks IPv6, that is, whether there is anything to filter.</summary>
    public bool HasIPv6 => File.Exists(IPv6InterfacesFile);

    /// <summary>Finds a program.</summary>
    /// <param name="name">Such as <c>ip6tables</c>.</param>
    /// <param name="verb">Empty or <c>-restore</c>.</param>
    /// <param name="deadline">How long a run of it may take.</param>
    /// <param name="arguments">The arguments of every run.</param>
    /// <exception cref="FirewallException">It is not installed.</exception>
    public Tool Find(string name, string verb, TimeSpan deadline, params IEnumerable<string> arguments) =>
        FindOf(name + Flavour + verb, "iptables", deadline, arguments);

    /// <summary>Finds a program of any package.</summary>
    /// <param name="file">Such as <c>ipset</c>.</param>
    /// <param name="package">What to install if it is not there.</param>
    /// <param name="deadline">How long a run of it may take.</param>
    /// <param name="arguments">The arguments of every run.</param>
    /// <exception cref="FirewallException">It is not installed.</exception>
    public Tool FindOf(string file, string package, TimeSpan deadline, IEnumerable<string> arguments)
    {
        foreach (var directory in SearchPath)
        {
            var path = Path.Combine(directory, file);
            if (File.Exists(path))
                return new Tool(file, [.. Prefix, path, .. arguments], deadline);
        }
        throw new FirewallException($"{file} is not installed: install the package {package}") { Failure = FirewallFailure.Missing };
    }
}
