using Microsoft.Extensions.Options;

namespace BlockSmtp.Hosting;

/// <summary>Which chains and tables the engines of a host have: two with the same one would take each other's rules away.</summary>
internal sealed class RulesInUse
{
    private readonly Dictionary<(string Kind, string Name), string> _owners = [];

    /// <exception cref="OptionsValidationException">Another engine has it.</exception>
    public void Take(string kind, string key, string rules, BlockSmtpOptions options, string engine)
    {
        lock (_owners)
        {
            if (_owners.TryAdd((kind, rules), engine))
                return;
            throw new OptionsValidationException(engine, typeof(BlockSmtpOptions),
                [$"{options.Prefix}{key}: the engine '{_owners[(kind, rules)]}' has the {kind} '{rules}' already: "
                    + "give each engine one of its own"]);
        }
    }
}
