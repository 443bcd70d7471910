using System.Net;
using System.Net.NetworkInformation;

namespace BlockSmtp;

/// <summary>
/// The addresses of this machine, for <see cref="DetectionOptions.OwnAddresses"/>: a program of its own that mistypes a recipient must not
/// close the mail server to it.
/// </summary>
public static class LocalAddresses
{
    /// <summary>The addresses that the machine's interfaces have now, of both families, link-local ones without their interface.</summary>
    /// <returns>The addresses.</returns>
    /// <exception cref="NetworkInformationException">The kernel does not tell.</exception>
    public static IReadOnlyList<IPAddress> All() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(port => port.GetIPProperties().UnicastAddresses)
            .Select(found => new IPAddress(found.Address.GetAddressBytes())),
    ];

    /// <summary>
    /// Follows the addresses of the machine, as for <see cref="DetectionEngine.UpdateOwnAddresses"/>. The kernel tells of
    /// each change: nothing is polled.
    /// </summary>
    /// <param name="changed">
    /// Takes the addresses: once before this method returns, and again whenever one has come or gone, on a thread of the pool, one
    /// call at a time. It must not throw.
    /// </param>
    /// <returns>Dispose it to hear no more.</returns>
    /// <exception cref="NetworkInformationException">The kernel does not tell.</exception>
    public static IDisposable Follow(Action<IReadOnlyList<IPAddress>> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return new Follower(changed);
    }

    private sealed class Follower : IDisposable
    {
        private readonly Lock _turn = new();
        private readonly Action<IReadOnlyList<IPAddress>> _changed;

        public Follower(Action<IReadOnlyList<IPAddress>> changed)
        {
            _changed = changed;
            // In this order, so that no change falls between the two.
            NetworkChange.NetworkAddressChanged += OnChange;
            try
            {
                Tell();
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public void Dispose() => NetworkChange.NetworkAddressChanged -= OnChange;

        private void OnChange(object? sender, EventArgs e)
        {
            try
            {
                Tell();
            }
            catch (NetworkInformationException)
            {
                // An interface was gone while it was looked at: that is a change, too, which is told of.
            }
        }

        private void Tell()
        {
            lock (_turn)
                _changed(All());
        }
    }
}
