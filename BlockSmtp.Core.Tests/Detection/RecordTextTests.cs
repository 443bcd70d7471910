using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace BlockSmtp.Tests.Detection;

/// <summary>What a record prints is the same wherever it runs.</summary>
[NonParallelizable]
public sealed class RecordTextTests
{
    private static readonly Type[] CultureDependent = [typeof(DateTimeOffset), typeof(DateTime), typeof(DateOnly), typeof(double),
        typeof(float), typeof(decimal)];

    [Test]
    public void A_record_with_a_time_prints_it_in_no_culture([ValueSource(nameof(Records))] Type type)
    {
        var print = type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, [])!;
        print.GetCustomAttribute<CompilerGeneratedAttribute>().Should().BeNull($"{type.Name} prints {string.Join(", ", Dependent(type))}");
    }

    [Test]
    public void The_culture_of_a_thread_is_what_it_was()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        var time = new DateTimeOffset(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);
        var status = new EngineStatus { StartedAt = time, Now = time, LinesPerSecond = 2.5 };
        var outcome = new BlockOutcome(new Block(IPNetwork.Parse("203.0.113.7/32"), time, time, 4, "a test"), null);
        var (plainStatus, plainOutcome) = (status.ToString(), outcome.ToString());
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            time.ToString().Should().StartWith("23.11.2026", "the culture matters");

            (status.ToString(), outcome.ToString()).Should().Be((plainStatus, plainOutcome));
            CultureInfo.CurrentCulture.Should().BeSameAs(culture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        plainStatus.Should().StartWith("EngineStatus { StartedAt = 11/23/2026 18:00:00 +00:00, ").And.Contain("LinesPerSecond = 2.5")
            .And.EndWith(" }");
        plainOutcome.Should().Contain("Since = 11/23/2026 18:00:00 +00:00").And.Contain("IsBlocked = True");
    }

    private static IEnumerable<Type> Records() =>
        typeof(DetectionEngine).Assembly.GetExportedTypes().Where(type => IsRecord(type) && Dependent(type).Any());

    private static IEnumerable<string> Dependent(Type type) => type.GetProperties()
        .Where(property =>
            CultureDependent.Contains(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)).Select(property =>
                property.Name);

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance, [typeof(StringBuilder)]) is not null;
}
