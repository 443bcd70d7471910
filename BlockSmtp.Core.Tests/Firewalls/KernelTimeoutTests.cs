using BlockSmtp.Firewalls;

namespace BlockSmtp.Tests.Firewalls;

public sealed class KernelTimeoutTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 5, TimeSpan.Zero);

    [TestCase(10_800, 10_800)]
    [TestCase(59.5, 60)]
    [TestCase(0.2, 1)]
    [TestCase(0, 1)]
    [TestCase(-86_400, 1)]
    [TestCase(1e9, 5_000_000)]
    public void The_kernel_releases_no_sooner_than_the_engine_and_no_later_than_it_can(double left, long seconds) =>
        KernelTimeout.Seconds(Now.AddSeconds(left), Now, 5_000_000).Should().Be(seconds);

    [Test]
    public void The_ends_of_time_are_no_error()
    {
        KernelTimeout.Seconds(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, 1000).Should().Be(1000);
        KernelTimeout.Seconds(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, 1000).Should().Be(1);
    }
}
