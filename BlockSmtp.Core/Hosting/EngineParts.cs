using System.Diagnostics.Metrics;
using System.Net;
using BlockSmtp.Firewalls;
using BlockSmtp.Logs;
using BlockSmtp.Policies;
using BlockSmtp.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlockSmtp.Hosting;

/// <summary>Puts an engine together from registered services, and from the library's own parts where there are none.</summary>
internal sealed class EngineParts : IDisposable
{
    private readonly IServiceProvider _provider;
    private readonly string _name;
    private readonly BlockSmtpOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;

    // What the container does not know it does not dispose of.
    private NftablesFirewall? _made;

    public EngineParts(IServiceProvider provider, string name)
    {
        _provider = provider;
        _name = name;
        _options = provider.GetRequiredService<IOptionsMonitor<BlockSmtpOptions>>().Get(name);
        _loggers = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        _time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        Logger = _loggers.CreateLogger(name.Length == 0 ? "BlockSmtp" : "BlockSmtp." + name);

        MailerAddresses = [.. _options.MailerAddresses];
        var processes = new SendmailProcessOptions { MailerAddresses = MailerAddresses, MailerPorts = [.. _options.MailerPorts] };
        var isDryRun = _options.Firewall == FirewallBackend.DryRun;
        var policy = Registered<IOffenderPolicy>() ?? MakePolicy();
        var engineOptions = new DetectionEngineOptions
        {
            Mailer = _options.Mailer,
            SyslogNames = [.. _options.SyslogNames],
            SyslogHost = _options.SyslogHost,
            CountProbes = _options.CountProbes || (_options.Policy == PolicyRule.Balance && policy is BalancePolicy),
            MaxEmptyTransactions = _options.MaxEmptyTransactions,
            KeepRecipients = _options.KeepRecipients,
            WhiteList = OptionsCheck.Trusted(_options),
            OwnAddresses = MailerAddresses,
            MaxCmdRead = _options.MaxCmdRead,
            MaxStall = _options.MaxStall,
            CompareInterval = _options.CompareInterval,
            KeepRules = _options.KeepRules,
            PeerLookup = Registered<IPeerLookup>() ?? (_options.FindPeers ? new SendmailPeerLookup(processes, _time) : null),
            Store = Registered<IBlockStore>(),
            KeepOffenses = _options.OffenseWindow,
            Observer = Observers.Of(
                name.Length == 0 ? provider.GetServices<IEngineObserver>() : provider.GetKeyedServices<IEngineObserver>(name)),
            MeterFactory = provider.GetService<IMeterFactory>(),
            Name = name.Length == 0 ? null : name,
        };
        Engine = new DetectionEngine(
            Registered<ILogSource>() ?? new FileLogSource(new() { Path = LogFile, FromStart = _options.FromStart }, Logger),
            policy,
            Registered<IFirewall>() ?? MakeFirewall(),
            Registered<IProcessReaper>() ?? (_options.EndSessions && !isDryRun
                ? new SendmailReaper(processes, _time, _loggers.CreateLogger<SendmailReaper>())
                : null),
            engineOptions,
            _time,
            Logger);
        Late(provider, name).Engine = Engine;
    }

    public DetectionEngine Engine { get; }

    public ILogger Logger { get; }

    /// <summary>The mail server's addresses that the options name.</summary>
    public IReadOnlyList<IPAddress> MailerAddresses { get; }

    private string LogFile => _options.LogFile ?? FileLogSourceOptions.UsualPathOf(_options.Mailer);

    public static EngineParts Of(IServiceProvider provider, string name) =>
        name.Length == 0 ? provider.GetRequiredService<EngineParts>() : provider.GetRequiredKeyedService<EngineParts>(name);

    public static LateBlocking Late(IServiceProvider provider, string name) =>
        name.Length == 0 ? provider.GetRequiredService<LateBlocking>() : provider.GetRequiredKeyedService<LateBlocking>(name);

    public void Dispose() => _made?.Dispose();

    private IOffenderPolicy MakePolicy() => _options.Policy == PolicyRule.Count
        ? new CountPolicy(new() { MaxOffenses = _options.MaxOffenses, Window = _options.OffenseWindow, BlockTime = _options.BlockTime })
        : new BalancePolicy(new() { MaxOffenses = _options.MaxOffenses, Window = _options.OffenseWindow, BlockTime = _options.BlockTime });

    private T? Registered<T>()
        where T : class =>
        _name.Length == 0 ? _provider.GetService<T>() : _provider.GetKeyedService<T>(_name);

    private IFirewall MakeFirewall()
    {
        var chain = new IptablesFirewallOptions { ChainName = _options.ChainName, Ports = [.. _options.MailerPorts] };
        var taken = _provider.GetRequiredService<RulesInUse>();
        switch (_options.Firewall)
        {
            case FirewallBackend.DryRun:
                return new DryRunFirewall(_loggers.CreateLogger<DryRunFirewall>());
            case FirewallBackend.Nftables:
                taken.Take("table", nameof(_options.TableName), _options.TableName, _options, _name);
                return _made = new NftablesFirewall(
                    new() { TableName = _options.TableName, Ports = [.. _options.MailerPorts] },
                    _time,
                    _loggers.CreateLogger<NftablesFirewall>());
            case FirewallBackend.Ipset:
                taken.Take("chain", nameof(_options.ChainName), _options.ChainName, _options, _name);
                return new IpsetFirewall(chain, _time, _loggers.CreateLogger<IpsetFirewall>());
            default:
                taken.Take("chain", nameof(_options.ChainName), _options.ChainName, _options, _name);
                return new IptablesFirewall(chain, _loggers.CreateLogger<IptablesFirewall>());
        }
    }
}
