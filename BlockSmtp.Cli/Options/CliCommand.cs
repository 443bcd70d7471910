using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>One command of the tool: its options, what it is for, and what runs it. Everything is read from the attributes of its verb class.</summary>
internal sealed class CliCommand
{
    private readonly Func<object, Task<int>> _run;

    private CliCommand([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type verb, Func<object, Task<int>> run)
    {
        Verb = verb;
        _run = run;
        var attribute = verb.GetCustomAttribute<VerbAttribute>() ?? throw new ArgumentException("A verb has a VerbAttribute.", nameof(verb));
        (Name, Summary, IsDefault) = (attribute.Name, attribute.HelpText, attribute.IsDefault);
        Examples = [.. verb.GetCustomAttributes<ExampleAttribute>(inherit: false)];
        Options = [.. verb.GetProperties().Select(property => (property, option: property.GetCustomAttribute<OptionAttribute>()))
            .Where(pair => pair.option is not null).Select(pair => new CliOption(pair.option!, pair.property))];
        Operands = [.. verb.GetProperties().Select(property => property.GetCustomAttribute<ValueAttribute>()).OfType<ValueAttribute>().Where(value => !value.Hidden).OrderBy(value => value.Index)];
    }

    // CommandLineParser looks all of it up by reflection, which trimming must leave something to find.
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public Type Verb { get; }

    public string Name { get; }

    public string Summary { get; }

    /// <summary>Whether this is what the program does when no command is named.</summary>
    public bool IsDefault { get; }

    public IReadOnlyList<ExampleAttribute> Examples { get; }

    public IReadOnlyList<CliOption> Options { get; }

    /// <summary>The words that belong to no option.</summary>
    public IReadOnlyList<ValueAttribute> Operands { get; }

    /// <summary>How it is written: <c>blocksmtp replay [options] FILE...</c>.</summary>
    public string Usage => string.Join(' ', [IsDefault ? $"blocksmtp [{Name}]" : $"blocksmtp {Name}", .. Options.Count > 0 ? ["[options]"] : Array.Empty<string>(), .. Operands.Select(value => value.MetaName)]);

    public static CliCommand Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TVerb>(Func<TVerb, Task<int>> run)
        where TVerb : class => new(typeof(TVerb), verb => run((TVerb)verb));

    public async Task<int> RunAsync(object verb)
    {
        try
        {
            return await _run(verb);
        }
        catch (CommandException e) when (verb is ConfiguredVerb configured)
        {
            throw configured.Locate(e);
        }
    }
}
