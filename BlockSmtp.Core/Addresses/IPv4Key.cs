namespace BlockSmtp.Addresses;

/// <summary>An IPv4 address, or one network of a length that all have, as the key of a table in which there may be very many.</summary>
/// <param name="Address">The address as a number.</param>
internal readonly record struct IPv4Key(uint Address)
{
    // Seeded anew in each process, so that nobody can choose hosts that fall together ("multiply-add-shift", Dietzfelbinger 1996).
    private static readonly ulong Factor = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private static readonly ulong Sum = (ulong)Random.Shared.NextInt64();

    public override int GetHashCode() => (int)(((Address * Factor) + Sum) >> 32);
}
