using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Policies;
using BlockSmtp.Reports;
using CsCheck;

namespace BlockSmtp.Tests.Reports;

/// <summary>All limits at once come to what each of them comes to alone.</summary>
public sealed class ThresholdSweepTests
{
    private static readonly Gen<(int Host, int Minutes)[]> Offenses =
        Gen.Select(Gen.Int[0, 2], Gen.Frequency((8, Gen.Int[0, 5]), (1, Gen.Int[30, 400]))).Array[0, 300];

    [Test]
    public void It_decides_like_the_policy_under_every_limit() => Offenses.Sample(offenses =>
    {
        var (window, block) = (TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        var sweep = new ThresholdSweep(window, block);
        var hosts = new ThresholdSweep.Host[3];
        var trials = Enumerable.Range(1, ThresholdSweep.Most)
            .Select(limit => new PolicyTrial(new CountPolicyOptions { MaxOffenses = limit, Window = window, BlockTime = block })).ToArray();
        var blocked = new ulong[3];
        var time = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        foreach (var (host, minutes) in offenses)
        {
            time = time.AddMinutes(minutes);
            var offense = new Offense(new IPAddress([203, 0, 113, (byte)host]), time, OffenseKind.UnknownRecipient);
            hosts[host].Offend(sweep, time.UtcTicks, time.UtcTicks);
            for (var i = 0; i < trials.Length; i++)
            {
                if (trials[i].Offend(HostKey.Of(offense.Peer), offense))
                    blocked[host] |= 1UL << i;
            }
        }

        hosts.Select(host => host.BlockedBy).Should().Equal(blocked);
        sweep.Answered.Should().Equal(trials.Select(trial => trial.Answered));
    });
}
