using System.Text;
using BlockSmtp.Processes;
using CsCheck;

namespace BlockSmtp.Tests.Processes;

[TestFixture]
internal sealed class ProcStatusTests
{
    private const string Fields = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 19 20 21\n";

    [TestCase("12 (sendmail-mta) " + Fields)]
    [TestCase("12 (evil) S 1 (name) " + Fields)]
    [TestCase("12 () " + Fields)]
    public void The_start_is_the_22nd_field_whatever_the_name(string stat) =>
        ProcStatus.ParseStartTicks(Encoding.ASCII.GetBytes(stat)).Should().Be(4711);

    [TestCase("")]
    [TestCase("12 (sendmail-mta) S 1 2 3")]
    public void A_text_without_it_has_no_start(string stat) =>
        ProcStatus.ParseStartTicks(Encoding.ASCII.GetBytes(stat)).Should().BeNull();

    [Test]
    public void Any_bytes_are_borne() =>
        Gen.Byte.Array[0, 100].Sample(bytes => { ProcStatus.ParseStartTicks(bytes); });
}
