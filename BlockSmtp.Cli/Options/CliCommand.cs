using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>
/// One command of the tool: its options, and what it is for. Everything but its name is read from the attributes of its
/// verb class, and only when it is asked for: to look at all commands takes longer than to read a short log.
/// </summary>
internal sealed class CliCommand
{
    private CliCommand(string name, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type verb)
    {
        Name = name;
        Verb = verb;
    }

    // CommandLineParser looks all of it up by reflection, which trimming must leave something to find.
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public Type Verb { get; }

    /// <summary>Its name, which is that of its verb.</summary>
    public string Name { get; }

    public string Summary => Attribute.HelpText;

    /// <summary>Whether this is what the program does when no command is named.</summary>
    public bool IsDefault => Attribute.IsDefault;

    public IReadOnlyList<ExampleAttribute> Examples => field ??= [.. Verb.GetCustomAttributes<ExampleAttribute>(inherit: false)];

    public IReadOnlyList<CliOption> Options => field ??=
        [.. Verb.GetProperties().Select(property => (property, option: property.GetCustomAttribute<OptionAttribute>()))
            .Where(pair => pair.option is not null).Select(pair => new CliOption(pair.option!, pair.property))];

    /// <summary>The words that belong to no option.</summary>
    public IReadOnlyList<ValueAttribute> Operands => field ??=
        [.. Verb.GetProperties()
            .Select(property => property.GetCustomAttribute<ValueAttribute>())
            .OfType<ValueAttribute>()
            .Where(value => !value.Hidden)
            .OrderBy(value => value.Index)];

    private VerbAttribute Attribute =>
        field ??= Verb.GetCustomAttribute<VerbAttribute>() ?? throw new InvalidOperationException($"{Verb} has no VerbAttribute.");

    /// <summary>How it is written: <c>blocksmtp replay [options] FILE...</c>.</summary>
    public string Usage => string.Join(' ', [
        IsDefault ? $"blocksmtp [{Name}]" : $"blocksmtp {Name}",
        .. Options.Count > 0 ? ["[options]"] : Array.Empty<string>(),
        .. Operands.Select(value => value.MetaName)]);

    public static CliCommand Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TVerb>(string name)
        where TVerb : class => new(name, typeof(TVerb));
}
