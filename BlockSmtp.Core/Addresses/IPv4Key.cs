namespace BlockSmtp.Addresses;

/// <summary>An IPv4 address, or one network of a length that all have, as the key of a table in which there may be very many.</summary>
/// <param name="Address">The address as a number.</param>
internal readonly record struct IPv4Key(uint Address)
{
    /// <summary>
    /// Not seeded as <see cref="HostKey"/> is: nobody can choose his IPv4 addresses, as the owner of an IPv6 network can
    /// ("Fibonacci hashing", Knuth 6.4).
    /// </summary>
    public override int GetHashCode() => (int)((Address * 0x9E37_79B9_7F4A_7C15UL) >> 32);
}
