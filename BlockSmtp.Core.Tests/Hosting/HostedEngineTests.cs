using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using BlockSmtp.Hosting;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlockSmtp.Tests.Hosting;

/// <summary>Engines in a real host.</summary>
public sealed class HostedEngineTests
{
    [Test]
    public async Task A_registered_source_and_firewall_are_used_and_the_engine_is_a_service()
    {
        var (log, firewall, seen, seenToo) = (new ScriptedLogSource(), new MemoryFirewall(), new SeenDecisions(), new SeenDecisions());
        using var host = Host(services => services
            .AddSingleton<ILogSource>(log).AddSingleton<IFirewall>(firewall)
            .AddSingleton<IEngineObserver>(seen).AddSingleton<IEngineObserver>(seenToo)
            .AddBlockSmtp(Alone));
        await host.StartAsync();
        await log.WriteAsync(Guesses("203.0.113.7"));
        await firewall.UntilBlocked("203.0.113.7");

        var engine = host.Services.GetRequiredService<DetectionEngine>();
        engine.Blocks.Should().ContainSingle().Which.Offenses.Should().Be(4);
        (await engine.ReleaseAsync(IPNetwork.Parse("203.0.113.7/32"))).Should().BeTrue();
        await firewall.UntilBlocked();
        await host.StopAsync();

        firewall.IsStopped.Should().BeTrue();
        seen.Lines.Should().NotBeEmpty().And.Equal(seenToo.Lines);
    }

    [Test]
    public async Task An_observer_may_have_the_engine_that_it_is_a_part_of_block_a_whole_network([Values("", "one")] string name)
    {
        object? key = name.Length == 0 ? null : name;
        var (log, firewall) = (new ScriptedLogSource(), new MemoryFirewall());
        using var host = Host(services =>
        {
            services.Add(new ServiceDescriptor(typeof(ILogSource), key, log));
            services.Add(new ServiceDescriptor(typeof(IFirewall), key, firewall));
            if (key is null)
                services.AddSingleton<IEngineObserver, Widening>().AddBlockSmtp(Alone);
            else
                services.AddKeyedSingleton<IEngineObserver>(key, (provider, _) =>
                    new Widening(provider.GetRequiredKeyedService<IBlocking>(key))).AddBlockSmtp(name, Alone);
        });
        await host.StartAsync();
        await log.WriteAsync(Guesses("203.0.113.7"));

        await firewall.UntilBlocked("203.0.113.7", "203.0.113.0");
        var blocking = key is null ? host.Services.GetRequiredService<IBlocking>() : host.Services.GetRequiredKeyedService<IBlocking>(key);
        blocking.IsBlocked(IPAddress.Parse("203.0.113.99")).Should().BeTrue();
        (await blocking.BlockAtLeastAsync(IPNetwork.Parse("203.0.113.0/24"), TimeSpan.FromSeconds(1), "a test")).IsKept.Should().BeTrue();
        (await blocking.ReleaseAsync(IPNetwork.Parse("203.0.113.0/24"))).Should().BeTrue();
        await host.StopAsync();
    }

    [Test]
    public void Whoever_asks_the_engine_before_it_is_made_hears_when_to()
    {
        using var host = Host(services =>
            services.AddSingleton<ILogSource>(new ScriptedLogSource()).AddSingleton<IFirewall>(new MemoryFirewall())
            .AddSingleton<IEngineObserver>(provider =>
                provider.GetRequiredService<IBlocking>().IsBlocked(IPAddress.Loopback) ? new SeenDecisions() : new SeenDecisions())
            .AddBlockSmtp(Alone));

        host.Invoking(started => started.Start()).Should().Throw<InvalidOperationException>().WithMessage("The engine is not made yet: *");
    }

    [Test]
    public async Task Two_engines_in_one_host_have_parts_of_their_own()
    {
        var (log1, log2) = (new ScriptedLogSource(), new ScriptedLogSource());
        var (firewall1, firewall2) = (new MemoryFirewall(), new MemoryFirewall());
        using var host = Host(services => services
            .AddKeyedSingleton<ILogSource>("one", log1).AddKeyedSingleton<IFirewall>("one", firewall1)
            .AddKeyedSingleton<ILogSource>("two", log2).AddKeyedSingleton<IFirewall>("two", firewall2)
            .AddBlockSmtp("one", Alone)
            .AddBlockSmtp("two", options =>
            {
                Alone(options);
                options.MaxOffenses = 100;
            }));
        await host.StartAsync();
        await log2.WriteAsync(Guesses("203.0.113.2"));
        await log1.WriteAsync(Guesses("203.0.113.1"));
        await firewall1.UntilBlocked("203.0.113.1");

        firewall2.Blocked.Should().BeEmpty();
        host.Services.GetRequiredKeyedService<DetectionEngine>("two").Counters.Offenses.Should().Be(4);
        host.Services.GetService<DetectionEngine>().Should().BeNull();
        await host.StopAsync();
    }

    [Test]
    public async Task Two_engines_in_one_host_have_a_meter_each_with_the_name_as_a_tag()
    {
        var (log1, log2) = (new ScriptedLogSource(), new ScriptedLogSource());
        using var host = Host(services => services
            .AddKeyedSingleton<ILogSource>("one", log1).AddKeyedSingleton<IFirewall>("one", new MemoryFirewall()).AddBlockSmtp("one", Alone)
            .AddKeyedSingleton<ILogSource>("two", log2).AddKeyedSingleton<IFirewall>("two", new MemoryFirewall())
            .AddBlockSmtp("two", Alone));
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        HashSet<Meter> meters = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter is { Name: "BlockSmtp" } meter && meter.Scope == factory)
                    meters.Add(meter);
            },
        };
        await host.StartAsync();
        await log1.WriteAsync(new LogText().Unknown(101, 1));
        await log2.WriteAsync(new LogText().Unknown(101, 1));
        listener.Start();

        meters.Select(meter => string.Join(",", meter.Tags ?? [])).Should().BeEquivalentTo("[engine, one]", "[engine, two]");
        await host.StopAsync();
    }

    [Test]
    public async Task With_a_store_a_guess_is_kept_for_as_long_as_it_counts()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 18, 0, 3, TimeSpan.Zero));
        var store = new MemoryBlockStore();
        await GuessAsync(3);
        time.Advance(TimeSpan.FromDays(2));
        (await GuessAsync(1)).Should().ContainSingle().Which.Offenses.Should().Be(4);

        async Task<IReadOnlyList<Block>> GuessAsync(int guesses)
        {
            var log = new ScriptedLogSource();
            using var host = Host(services => services
                .AddSingleton<ILogSource>(log).AddSingleton<IFirewall>(new MemoryFirewall()).AddSingleton<IBlockStore>(store)
                .AddSingleton<TimeProvider>(time)
                .AddBlockSmtp(options =>
                {
                    Alone(options);
                    options.OffenseWindow = TimeSpan.FromDays(10);
                    options.Policy = PolicyRule.Count;
                }));
            await host.StartAsync();
            await log.WriteAsync(new LogText().Unknown(101, guesses).End(101, "203.0.113.7"));
            var blocks = host.Services.GetRequiredService<DetectionEngine>().Blocks;
            await host.StopAsync();
            return blocks;
        }
    }

    [Test]
    public async Task An_observer_that_wants_no_offenses_is_told_of_none_beside_one_that_does()
    {
        var (log, without, with) = (new ScriptedLogSource(), new WithoutOffenses(), new SeenDecisions());
        using var host = Host(services => services
            .AddSingleton<ILogSource>(log).AddSingleton<IFirewall>(new MemoryFirewall())
            .AddSingleton<IEngineObserver>(without).AddSingleton<IEngineObserver>(with)
            .AddBlockSmtp(Alone));
        await host.StartAsync();
        await log.WriteAsync(Guesses("203.0.113.7"));
        await host.StopAsync();

        (without.Offenses, without.Blocks, with.Offenses).Should().Be((0, 1, 4));
    }

    [Test]
    public void Several_observers_want_offenses_when_one_of_them_does()
    {
        Observers.Of([new WithoutOffenses(), new WithoutOffenses()])!.WantsOffenses.Should().BeFalse();
        Observers.Of([new WithoutOffenses(), new SeenDecisions()])!.WantsOffenses.Should().BeTrue();
    }

    [Test]
    public async Task Two_engines_with_the_same_chain_do_not_start()
    {
        using var host = Host(services => services
            .AddKeyedSingleton<ILogSource>("one", new ScriptedLogSource()).AddKeyedSingleton<ILogSource>("two", new ScriptedLogSource())
            .AddBlockSmtp("one", Alone).AddBlockSmtp("two", Alone));
        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should()
            .Be("BlockSmtpOptions.ChainName: the engine 'one' has the chain 'SPAM_UNAME_GUESSERS' already: "
                + "give each engine one of its own");
    }

    [Test]
    public void The_same_name_twice_is_a_mistake() =>
        FluentActions.Invoking(() => new ServiceCollection().AddBlockSmtp("one", Alone).AddBlockSmtp("one", Alone))
            .Should().Throw<InvalidOperationException>().WithMessage("The engine 'one'*");

    [Test]
    public async Task A_firewall_that_cannot_be_set_up_is_logged_and_stops_the_host()
    {
        var log = new KeptLog();
        using var host = Host(services => services
            .AddSingleton<ILogSource>(new ScriptedLogSource()).AddSingleton<IFirewall>(new MemoryFirewall { Failing = 99 })
            .AddSingleton<ILoggerFactory>(log)
            .AddBlockSmtp(Alone));
        var stopped = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);
        await host.StartAsync();
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
        log.Entries.Should().Contain((1900, LogLevel.Critical, "the engine '' has failed: made to fail"));
    }

    [Test]
    public async Task The_clock_the_log_and_the_meter_are_those_of_the_host()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 18, 0, 3, TimeSpan.Zero));
        var log = new KeptLog();
        var source = new ScriptedLogSource();
        var firewall = new MemoryFirewall();
        using var host = Host(services => services
            .AddSingleton<ILogSource>(source).AddSingleton<IFirewall>(firewall).AddSingleton<TimeProvider>(time)
            .AddSingleton<ILoggerFactory>(log)
            .AddBlockSmtp(Alone));
        List<Meter> meters = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => meters.Add(instrument.Meter) };
        listener.Start();
        await host.StartAsync();
        await source.WriteAsync(Guesses("203.0.113.7"));
        await firewall.UntilBlocked("203.0.113.7");

        host.Services.GetRequiredService<DetectionEngine>().Blocks.Should().ContainSingle().Which.Since.Should().Be(time.GetUtcNow());
        log.Entries.Select(entry => entry.Id).Should().Contain([1000, 1010]);
        meters.Should().Contain(meter => meter.Name == "BlockSmtp" && meter.Scope == host.Services.GetRequiredService<IMeterFactory>());
        await host.StopAsync();
    }

    [Test]
    public async Task A_changed_configuration_changes_the_white_list_and_a_bad_one_does_not()
    {
        var configuration =
            new ConfigurationBuilder().AddInMemoryCollection([new("Mail:EndSessions", "false"), new("Mail:FindPeers", "false")]).Build();
        var (source, firewall, log) = (new ScriptedLogSource(), new MemoryFirewall(), new KeptLog());
        using var host = Host(services => services
            .AddSingleton<ILogSource>(source).AddSingleton<IFirewall>(firewall).AddSingleton<ILoggerFactory>(log)
            .AddBlockSmtp(configuration.GetSection("Mail")));
        await host.StartAsync();
        await source.WriteAsync(Guesses("203.0.113.7"));
        await firewall.UntilBlocked("203.0.113.7");

        configuration["Mail:WhiteList:0"] = "203.0.113.0/33";
        configuration.Reload();
        firewall.Blocked.Should().NotBeEmpty();
        log.Entries.Should().Contain((1901, LogLevel.Error,
            "the white-list of the engine '' stays as it is: Mail:WhiteList:0: '203.0.113.0/33' cannot be read: "
                + "write a network, such as 192.0.2.0/24"));

        configuration["Mail:WhiteList:0"] = "203.0.113.9/24";
        configuration.Reload();
        await firewall.UntilBlocked();
        await host.StopAsync();
    }

    [Test]
    public async Task The_librarys_own_parts_follow_a_file_and_block_nobody_in_a_dry_run()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("mail.log", Guesses("203.0.113.7").ToString());
        using var host = Host(services => services.AddBlockSmtp(options =>
        {
            (options.LogFile, options.FromStart, options.Firewall) = (path, true, FirewallBackend.DryRun);
        }));
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<DetectionEngine>();
        await EndToEnd.Eventually.IsTrue(() => engine.Blocks.Count == 1, "the host is blocked");
        await host.StopAsync();
    }

    /// <summary>Neither the machine's processes nor its firewall.</summary>
    private static void Alone(BlockSmtpOptions options) => (options.FindPeers, options.EndSessions) = (false, false);

    private static LogText Guesses(string host) => new LogText().Unknown(101, 4).End(101, host);

    private static IHost Host(Action<IServiceCollection> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure(builder.Services);
        return builder.Build();
    }

    private sealed class KeptLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<(int Id, LogLevel Level, string Message)> Entries { get; } = [];

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }

    private sealed class Widening(IBlocking blocking) : IEngineObserver
    {
        public void OnBlocked(Block block)
        {
            if (block.Network.PrefixLength == 32)
                _ = blocking.BlockAsync(new IPNetwork(IPAddress.Parse("203.0.113.0"), 24), TimeSpan.FromHours(1), "one of them guesses");
        }
    }
}
