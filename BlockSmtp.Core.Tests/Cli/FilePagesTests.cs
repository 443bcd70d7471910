using System.Globalization;
using System.Runtime.InteropServices;
using BlockSmtp.Cli.Daemon;
using Mono.Unix.Native;

namespace BlockSmtp.Tests.Cli;

public sealed unsafe class FilePagesTests
{
    private const int Size = 1 << 20;

    private string _path = "";
    private nint _pages;

    [SetUp]
    public void Map()
    {
        _path = Path.Combine(Path.GetTempPath(), $"blocksmtp-pages-{Guid.NewGuid():N}");
        File.WriteAllBytes(_path, [.. Enumerable.Repeat((byte)'a', Size)]);
        using var file = File.OpenRead(_path);
        _pages = Syscall.mmap(
            0, Size, MmapProts.PROT_READ | MmapProts.PROT_WRITE, MmapFlags.MAP_PRIVATE, (int)file.SafeFileHandle.DangerousGetHandle(), 0);
        _pages.Should().NotBe(-1);
    }

    [TearDown]
    public void Unmap()
    {
        if (_pages is not 0 and not -1)
            _ = Syscall.munmap(_pages, Size);
        File.Delete(_path);
    }

    [Test]
    public void What_is_as_in_its_file_is_given_back_and_comes_again()
    {
        Protect();
        Text().IndexOfAnyExcept((byte)'a').Should().Be(-1);
        Resident().Should().Be(Size / 1024);

        FilePages.Release();

        Resident().Should().Be(0);
        Text().IndexOfAnyExcept((byte)'a').Should().Be(-1);
    }

    /// <summary>As the loader does with the addresses that it fills in.</summary>
    [Test]
    public void What_was_written_before_it_was_protected_stays()
    {
        ((byte*)_pages)[Size / 2] = (byte)'b';
        Protect();

        FilePages.Release();

        Text().IndexOf((byte)'b').Should().Be(Size / 2);
    }

    [Test]
    public void What_may_be_written_stays()
    {
        ((byte*)_pages)[7] = (byte)'b';

        FilePages.Release();

        Text().IndexOf((byte)'b').Should().Be(7);
    }

    private void Protect() => Syscall.mprotect(_pages, Size, MmapProts.PROT_READ).Should().Be(0);

    private ReadOnlySpan<byte> Text() => MemoryMarshal.CreateReadOnlySpan(ref *(byte*)_pages, Size);

    /// <summary>How much of the file is in memory here, in KiB.</summary>
    private int Resident()
    {
        var rest = File.ReadLines("/proc/self/smaps").SkipWhile(line => !line.EndsWith(_path, StringComparison.Ordinal));
        var line = rest.First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
