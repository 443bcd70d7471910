using System.Reflection;
using System.Runtime.CompilerServices;

namespace BlockSmtp.Tests.Architecture;

/// <summary>What a reviewer of the public surface would ask of every library, each time it grows.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly Assembly[] Libraries =
    [
        typeof(DetectionEngine).Assembly, typeof(BlockSmtp.Fleet.RedisFleet).Assembly, typeof(BlockSmtp.Milter.MilterServer).Assembly,
        typeof(BlockSmtp.Sqlite.SqliteBlockStore).Assembly, typeof(BlockSmtp.Testing.FirewallConformance).Assembly,
    ];

    [Test]
    public void No_public_member_speaks_in_tuples() =>
        Methods().Where(method => Signature(method).Any(HasTuple)).Select(Name)
            .Should().BeEmpty("a tuple can't grow, and its names are lost to other languages");

    [Test]
    public void A_token_to_give_up_by_is_the_last_parameter() =>
        Methods().Where(method => method.GetParameters() is { Length: > 1 } parameters &&
            parameters[..^1].Any(parameter => parameter.ParameterType == typeof(CancellationToken))).Select(Name).Should().BeEmpty();

    [Test]
    public void Who_asks_need_not_hand_in_a_token() =>
        Methods().Where(method => !IsPartOfTheEngine(method) && method.GetParameters() is [.., { HasDefaultValue: false } last] &&
            last.ParameterType == typeof(CancellationToken))
            .Select(Name).Should().BeEquivalentTo(
                ["DetectionEngine.RunAsync", "SessionServer.RunAsync", "ControlClient.BlockAsync"],
                "an engine or a server that nobody can stop is a mistake, and of two overloads one may have defaults");

    [Test]
    public void What_an_enumeration_is_by_default_has_a_name() =>
        Types().Where(type => type.IsEnum && !Enum.IsDefined(type, Enum.ToObject(type, 0))).Should().BeEmpty();

    [Test]
    public void What_was_not_made_to_be_derived_from_is_sealed() =>
        Types().Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Should().Equal([typeof(DetectionOptions)], "the engine's options have more than those of a replay");

    [Test]
    public void An_exception_can_be_made_as_any_other() =>
        Types().Where(type => type.IsAssignableTo(typeof(Exception)) &&
            new[] { Type.EmptyTypes, [typeof(string)], [typeof(string), typeof(Exception)] }
                .Any(parameters => type.GetConstructor(parameters) is null)).Should().BeEmpty();

    [Test]
    public void What_only_the_tool_needs_is_not_public() =>
        Types().Where(type => type.Namespace is "BlockSmtp.Scoring").Should().BeEmpty();

    private static IEnumerable<Type> Types() => Libraries.SelectMany(library => library.GetExportedTypes());

    /// <summary>Those that somebody outside can call or override; what the compiler makes of a record is its own.</summary>
    private static IEnumerable<MethodBase> Methods() => Types().SelectMany(type => type
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .OfType<MethodBase>()
        .Where(method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null);

    /// <summary>Whether it is the engine, or a server, that calls it, and always has a token.</summary>
    private static bool IsPartOfTheEngine(MethodBase method)
    {
        var type = method.DeclaringType!;
        return type.IsInterface || (method is { IsVirtual: true } && type.GetInterfaces().Any(contract =>
            type.GetInterfaceMap(contract).TargetMethods.Contains(method)));
    }

    private static IEnumerable<Type> Signature(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType).Append((method as MethodInfo)?.ReturnType ?? typeof(void));

    private static bool HasTuple(Type type) =>
        type.IsAssignableTo(typeof(ITuple)) || (type.HasElementType && HasTuple(type.GetElementType()!)) ||
            (type.IsGenericType && type.GenericTypeArguments.Any(HasTuple));

    private static string Name(MethodBase method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
