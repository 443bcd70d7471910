using BlockSmtp.Firewalls;
using Microsoft.Extensions.Options;

namespace BlockSmtp.Hosting;

/// <summary>Checks the options of an engine when the host starts. A message begins with the key.</summary>
internal sealed class OptionsCheck : IValidateOptions<BlockSmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, BlockSmtpOptions options)
    {
        List<string> failures = [.. options.Unreadable];
        NeedUpTo(OptionLimits.MostEmptyTransactions, options.MaxEmptyTransactions, nameof(options.MaxEmptyTransactions));
        NeedUpTo(OptionLimits.MostOffenses, options.MaxOffenses, nameof(options.MaxOffenses));
        Need(options.OffenseWindow > TimeSpan.Zero, nameof(options.OffenseWindow), "there must be some time: give more than zero");
        Need(options.BlockTime > TimeSpan.Zero, nameof(options.BlockTime), "there must be some time: give more than zero");
        Need(options.MaxCmdRead >= TimeSpan.Zero, nameof(options.MaxCmdRead), "a time is not negative: give zero for no limit");
        Need(options.MaxStall >= TimeSpan.Zero, nameof(options.MaxStall), "a time is not negative: give zero for no limit");
        Need(options.CompareInterval >= TimeSpan.Zero, nameof(options.CompareInterval), "a time is not negative: give zero for never");
        Need(options.SyslogNames is { Count: > 0 } names && !names.Any(string.IsNullOrEmpty), nameof(options.SyslogNames),
            "there is no name: give the one that the mail server logs under");
        Need(Enum.IsDefined(options.Mailer), nameof(options.Mailer),
            $"{options.Mailer} is no mail server: give {string.Join(", ", Enum.GetNames<Mailer>())}");
        Need(options.SyslogHost != "", nameof(options.SyslogHost), "it is empty: name the host, or leave the key out");
        Need(options.LogFile != "", nameof(options.LogFile), "it is empty: name the file, or leave the key out");
        Need(options.MailerAddresses is not null, nameof(options.MailerAddresses), "it is null: give an empty list for any address");
        Need(
            Enum.IsDefined(options.Firewall),
            nameof(options.Firewall),
            $"{options.Firewall} is no firewall: give {string.Join(", ", Enum.GetNames<FirewallBackend>())}");
        Try(nameof(options.MailerPorts), new IptablesFirewallOptions { Ports = options.MailerPorts }.Validate);
        Try(nameof(options.ChainName), new IptablesFirewallOptions { ChainName = options.ChainName }.Validate);
        Try(nameof(options.TableName), new NftablesFirewallOptions { TableName = options.TableName }.Validate);
        Need(options.WhiteList is not null, nameof(options.WhiteList), "it is null: give an empty list for none");
        Try(nameof(options.WhiteListFile), () => Trusted(options));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Need(bool condition, string key, string otherwise)
        {
            if (!condition)
                failures.Add($"{options.Prefix}{key}: {otherwise}");
        }

        void NeedUpTo(int most, int value, string key) =>
            Need(value >= 0 && value <= most, key, $"{value} is out of range: give 0 to {most}");

        void Try(string key, Action check)
        {
            try
            {
                check();
            }
            catch (Exception e) when (e is ArgumentException or WhiteListException or IOException or UnauthorizedAccessException)
            {
                failures.Add($"{options.Prefix}{key}: {e.Message}");
            }
        }
    }

    /// <summary>The networks of the options, and of the file that they name.</summary>
    public static WhiteList Trusted(BlockSmtpOptions options) =>
        options.WhiteListFile is { } path ? WhiteList.Load(path, options.WhiteList ?? []) : new WhiteList(options.WhiteList ?? []);
}
