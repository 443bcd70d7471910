using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlockSmtp.Hosting;

/// <summary>Adds engines to a host, which runs them from its start to its stop.</summary>
/// <remarks>
/// <para>
/// An engine takes its parts from the services that you have registered: <see cref="ILogSource"/>, <see cref="IOffenderPolicy"/>,
/// <see cref="IFirewall"/>, <see cref="IProcessReaper"/>, <see cref="IPeerLookup"/>, <see cref="IBlockStore"/>, and every
/// <see cref="IEngineObserver"/>. For the first five that you have not, it makes the library's own, as the options say. The clock is a
/// registered <see cref="TimeProvider"/>, logs go to the host's logging, and the meter comes from the host's meter factory.
/// </para>
/// <para>A named engine takes its parts from keyed services with its name as the key, and nothing from those without a key: a policy or a
/// firewall belongs to one engine.</para>
/// <para>
/// The engine itself is a service, <see cref="DetectionEngine"/>, keyed when it has a name: ask it who is blocked, and have it release
/// somebody. A part of it that asks for something itself takes <see cref="IBlocking"/>, which is there before the engine is. An engine that
/// fails stops the host (<c>HostOptions.BackgroundServiceExceptionBehavior</c>).
/// </para>
/// </remarks>
public static class BlockSmtpServiceCollectionExtensions
{
    /// <summary>Adds the engine that has no name, with the default options.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public static IServiceCollection AddBlockSmtp(this IServiceCollection services) => Add(services, Options.DefaultName, null, null);

    /// <summary>Adds the engine that has no name.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public static IServiceCollection AddBlockSmtp(this IServiceCollection services, Action<BlockSmtpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, Options.DefaultName, null, configure);
    }

    /// <summary>Adds the engine that has no name, with the options of a configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section; a key in it that is no option is an error. When it changes, its
    /// white-list is followed.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public static IServiceCollection AddBlockSmtp(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, Options.DefaultName, configuration, null);
    }

    /// <summary>Adds an engine with a name.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The key of its parts and of the engine; not empty.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is one of that name already.</exception>
    public static IServiceCollection AddBlockSmtp(this IServiceCollection services, string name, Action<BlockSmtpOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, null, configure);
    }

    /// <summary>Adds an engine with a name, with the options of a configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The key of its parts and of the engine; not empty.</param>
    /// <param name="configuration">The section; a key in it that is no option is an error. When it changes, its
    /// white-list is followed.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is one of that name already.</exception>
    public static IServiceCollection AddBlockSmtp(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, null);
    }

    private static IServiceCollection Add(
        IServiceCollection services, string name, IConfiguration? configuration, Action<BlockSmtpOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        object? key = name.Length == 0 ? null : name;
        if (services.Any(service => service.ServiceType == typeof(DetectionEngine) && Equals(service.ServiceKey, key)))
            throw new InvalidOperationException($"The engine '{name}' was added already: give each engine of a host a name of its own.");

        var options = services.AddOptionsWithValidateOnStart<BlockSmtpOptions>(name);
        if (configuration is not null)
            options.Configure(values => OptionsReader.Read(configuration, values));
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BlockSmtpOptions>, OptionsCheck>());
        services.TryAddSingleton<RulesInUse>();
        services.Add(
            new ServiceDescriptor(typeof(EngineParts), key, (provider, _) => new EngineParts(provider, name), ServiceLifetime.Singleton));
        services.Add(new ServiceDescriptor(
            typeof(DetectionEngine), key, (provider, _) => EngineParts.Of(provider, name).Engine, ServiceLifetime.Singleton));
        services.Add(new ServiceDescriptor(
            typeof(EngineHealth),
            key,
            (provider, _) => new EngineHealth(EngineParts.Of(provider, name).Engine),
            ServiceLifetime.Singleton));
        services.Add(new ServiceDescriptor(typeof(LateBlocking), key, (_, _) => new LateBlocking(), ServiceLifetime.Singleton));
        services.Add(new ServiceDescriptor(typeof(IBlocking), key, (provider, _) =>
            EngineParts.Late(provider, name), ServiceLifetime.Singleton));
        services.AddSingleton<IHostedService>(provider => new DetectionService(provider, name, configuration));
        return services;
    }
}
