using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace BlockSmtp.Hosting;

/// <summary>Runs one engine from the start of the host to its stop, and follows the white-list of its configuration.</summary>
internal sealed class DetectionService(IServiceProvider provider, string name, IConfiguration? configuration) : BackgroundService
{
    private EngineParts? _parts;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here, so that what is wrong with the options or a part fails the start of the host.
        _parts = EngineParts.Of(provider, name);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var parts = _parts!;
        using var following = configuration is null ? null : ChangeToken.OnChange(configuration.GetReloadToken, () => Reload(parts));
        using var addresses = LocalAddresses.Follow(addresses => parts.Engine.UpdateOwnAddresses([.. parts.MailerAddresses, .. addresses]));
        try
        {
            await parts.Engine.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FirewallException or IOException or UnauthorizedAccessException)
        {
            parts.Logger.EngineFailed(name, e.Message);
            throw;
        }
    }

    private void Reload(EngineParts parts)
    {
        try
        {
            // Not the monitor's: its options would be checked on a thread that nobody watches.
            var options = provider.GetRequiredService<IOptionsFactory<BlockSmtpOptions>>().Create(name);
            parts.Engine.UpdateWhiteList(OptionsCheck.Trusted(options));
        }
        catch (Exception e) when (e is OptionsValidationException or WhiteListException or IOException or UnauthorizedAccessException)
        {
            parts.Logger.ReloadFailed(name, e.Message);
        }
    }
}
