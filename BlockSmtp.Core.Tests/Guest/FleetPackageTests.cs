using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>The package of the fleet's program beside the daemon's, on a clean Debian with a real systemd and Debian's own Redis.</summary>
[NonParallelizable]
public sealed class FleetPackageTests
{
    [Test]
    public async Task Who_installs_it_and_names_the_group_is_in_the_fleet()
    {
        using var guest = new DebianGuest();
        guest.Copy(GuestSetup.FleetPackageOf(GuestSetup.OldPackage));
        // Both at once: the daemon's unit names a group that the other package makes.
        guest.Install(GuestSetup.OldPackage, "redis-server", $"/root/{Path.GetFileName(GuestSetup.FleetPackageOf(GuestSetup.OldPackage))}");
        await guest.IsActive();

        guest.Shell("""
            printf '%s\n' 'user default off' 'user blocksmtp on >SECRET resetkeys ~blocksmtp:{mail}:* resetchannels &blocksmtp:{mail}:bell -@all +xadd +xrange +xrevrange +publish +subscribe +unsubscribe +hset +hlen +hgetall +expire +time +ping +echo +select +acl|whoami' >/etc/redis/users.acl
            chown redis: /etc/redis/users.acl
            echo 'aclfile /etc/redis/users.acl' >>/etc/redis/redis.conf
            systemctl restart redis-server
            echo 'fleet-group = blocksmtp-fleet' >>/etc/blocksmtp/blocksmtp.conf
            printf '%s\n' 'server = 127.0.0.1:6379' 'user = blocksmtp' >>/etc/blocksmtp/fleet.conf
            echo SECRET >/etc/blocksmtp/fleet.secret
            systemctl restart blocksmtp
            systemctl enable --now blocksmtp-fleet
            """);
        await guest.IsActive();

        await Eventually.IsTrue(
            () => guest.Try("blocksmtp", "fleet").ExitCode == 0,
            $"the fleet is heard; it said:\n{guest.Try("blocksmtp", "fleet")}\n{guest.Run("journalctl", "--no-pager", "--output=cat", "--unit=blocksmtp*")}",
            TimeSpan.FromMinutes(1));
        guest.Run("stat", "--format=%U:%G %a", "/run/blocksmtp/fleet.sock").Trim().Should().Be("root:blocksmtp-fleet 660");
        guest.Run("ps", "-o", "user:20=", "-C", "blocksmtp-fleet").Trim().Should().Be("blocksmtp-fleet");
        guest.Run("blocksmtp", "block", "203.0.113.7");
        await Eventually.IsTrue(
            () => guest.Run("redis-cli", "--user", "blocksmtp", "--pass", "SECRET", "--no-auth-warning", "XRANGE", "blocksmtp:{mail}:blocks", "-", "+").Contains("203.0.113.7", StringComparison.Ordinal),
            "the block is announced", TimeSpan.FromMinutes(1));

        guest.Run("apt-get", "-y", "purge", "blocksmtp-fleet");
        guest.Run("sed", "-i", "/^fleet-group/d", "/etc/blocksmtp/blocksmtp.conf");
        guest.Run("systemctl", "restart", "blocksmtp");
        await guest.IsActive();
    }
}
