using System.Runtime.InteropServices;
using System.Text;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Processes;

/// <summary>What a process waits for, by the text of /proc/PID/syscall.</summary>
internal sealed class BlockedCallTests
{
    [SetUp]
    public void Here() =>
        Requires.Need(RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64, "the numbers are x64's");

    // The first two of a sendmail 8.17: in DATA, and in the midst of a TLS handshake.
    [TestCase("270 0x9 0x7ffe5a9b70e0 0x0 0x7ffe5a9b7160 0x7ffe5a9b7030 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n", 8)]
    [TestCase("0 0x8 0x55702eb95cb6 0x2 0x7fcbedbf9660 0x0 0x0 0x7ffe5a9b7928 0x7fcbeda6d2ad\n", 8)]
    [TestCase("23 0x5 0x7ffe5a9b70e0 0x0 0x0 0x0 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n", 4)]
    [TestCase("45 0x4 0x7ffe5a9b70e0 0x100 0x0 0x0 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n", 4)]
    public void Who_waits_to_read_waits_for_its_descriptor(string text, int descriptor) => Parse(text).Should().Be(descriptor);

    [TestCase(
        "270 0x9 0x0 0x7ffe5a9b70e0 0x0 0x7ffe5a9b7030 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n", Description = "waits until it can write")]
    [TestCase("270 0x0 0x7ffe5a9b70e0 0x0 0x0 0x7ffe5a9b7030 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n", Description = "sleeps")]
    [TestCase("7 0x7ffe5a9b70e0 0x1 0x1388 0x0 0x0 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n", Description = "poll")]
    [TestCase("1 0x8 0x7ffe5a9b70e0 0x2 0x0 0x0 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n", Description = "writes")]
    [TestCase("0 0xffffffffffffffff 0x7ffe5a9b70e0 0x2 0x0 0x0 0x0 0x7ffe5a9b7020 0x7fcbeda73954\n")]
    [TestCase("running\n")]
    [TestCase("-1 0x7ffe5a9b7020 0x7fcbeda73954\n", Description = "blocked in no call")]
    [TestCase("270 0x9\n")]
    [TestCase("0")]
    [TestCase("")]
    public void Of_any_other_it_is_unknown(string text) => Parse(text).Should().Be(-1);

    private static int Parse(string text) => BlockedCall.Parse(Encoding.ASCII.GetBytes(text));
}
