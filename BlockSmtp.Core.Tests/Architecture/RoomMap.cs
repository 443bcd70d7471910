using Mono.Cecil;
using Mono.Cecil.Cil;

namespace BlockSmtp.Tests.Architecture;

/// <summary>Which room each type of an assembly is in (the folder that its source file lies in), and which rooms it needs.</summary>
internal sealed class RoomMap
{
    /// <summary>The room of what lies beside the project file.</summary>
    public const string Top = "(top)";

    private readonly Dictionary<string, string> _rooms = [];
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _arrows = new(StringComparer.Ordinal);

    /// <param name="assembly">The assembly's file, with its symbols beside it.</param>
    /// <param name="rootNamespace">The namespace of its top, and of the words of its contracts.</param>
    public RoomMap(string assembly, string rootNamespace)
    {
        using var module = ModuleDefinition.ReadModule(assembly, new ReaderParameters { ReadSymbols = true });
        var project = Path.GetFileNameWithoutExtension(assembly) switch { "blocksmtp" => "BlockSmtp.Cli", var name => name };
        TypeDefinition[] types = [.. module.Types.Where(type => type.Namespace.StartsWith(rootNamespace, StringComparison.Ordinal))];
        foreach (var type in types)
            _rooms[type.FullName] = RoomOf(type, project, rootNamespace);
        foreach (var type in types)
        {
            foreach (var needed in NeedsOf(type))
                AddArrow(type, needed);
        }
    }

    /// <summary>The arrows, each with a type at either end as an example.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, string>> Arrows => _arrows;

    private static string RoomOf(TypeDefinition type, string project, string rootNamespace)
    {
        // The four that the library is about lie at the top, to be seen first; they are words of the contracts all the same.
        if (type.Namespace == rootNamespace && type.IsInterface)
            return "Contracts";
        if (type.Namespace != rootNamespace)
            return type.Namespace[(rootNamespace.Length + 1)..].Split('.')[0];
        var file = AllOf(type).SelectMany(part => part.Methods)
            .SelectMany(method => method.DebugInformation.SequencePoints.Select(point => point.Document.Url)).FirstOrDefault();
        // An enum or a contract without code of its own.
        if (file is null)
            return "Contracts";
        var folders = file.Replace('\\', '/').Split('/');
        var at = Array.LastIndexOf(folders, project);
        return at == folders.Length - 2 ? Top : folders[at + 1];
    }

    private static IEnumerable<TypeDefinition> AllOf(TypeDefinition type) => type.NestedTypes.SelectMany(AllOf).Prepend(type);

    private static IEnumerable<TypeReference?> NeedsOf(TypeDefinition outer) =>
        AllOf(outer).SelectMany(type => (IEnumerable<TypeReference?>)
        [
            type.BaseType,
            .. type.Interfaces.Select(implemented => implemented.InterfaceType),
            .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Methods.SelectMany(NeedsOf),
        ]);

    private static IEnumerable<TypeReference?> NeedsOf(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(instruction => NeedsOf(instruction.Operand)) : [],
    ];

    private static IEnumerable<TypeReference?> NeedsOf(object? operand) => operand switch
    {
        GenericInstanceMethod method =>
        [
            method.DeclaringType,
            method.ReturnType,
            .. method.GenericArguments,
            .. method.Parameters.Select(parameter => parameter.ParameterType),
        ],
        MethodReference method =>
            [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)],
        FieldReference field => [field.DeclaringType, field.FieldType],
        TypeReference type => [type],
        VariableDefinition variable => [variable.VariableType],
        _ => [],
    };

    private void AddArrow(TypeDefinition from, TypeReference? to)
    {
        switch (to)
        {
            case null:
                return;
            case GenericInstanceType generic:
                foreach (var argument in generic.GenericArguments)
                    AddArrow(from, argument);
                AddArrow(from, generic.ElementType);
                return;
            case TypeSpecification specification:
                AddArrow(from, specification.ElementType);
                return;
        }

        while (to.DeclaringType is not null)
            to = to.DeclaringType;
        if (!_rooms.TryGetValue(to.FullName, out var room) || room == _rooms[from.FullName])
            return;
        var own = _rooms[from.FullName];
        if (!_arrows.TryGetValue(own, out var arrows))
            _arrows[own] = arrows = new(StringComparer.Ordinal);
        arrows.TryAdd(room, $"{from.Name} -> {to.Name}");
    }
}
