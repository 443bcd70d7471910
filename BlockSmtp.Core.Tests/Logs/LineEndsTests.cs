using BlockSmtp.Logs;
using CsCheck;

namespace BlockSmtp.Tests.Logs;

/// <summary>What is found many at a time is what a search for one after the other finds.</summary>
public sealed class LineEndsTests
{
    private static readonly Gen<byte[]> Texts = Gen.OneOfConst((byte)'\n', (byte)'\v', (byte)0x8a, (byte)'a').Array[0, 400];

    [Test]
    public void All_line_feeds_are_found_in_their_order() => Texts.Sample(text =>
    {
        var places = new int[512];
        var count = LineEnds.Find(text, 0, places, out var scanned);
        scanned.Should().Be(text.Length);
        places[..count].Should().Equal(Naive(text));
    });

    [Test]
    public void More_than_there_is_room_for_are_found_in_several_goes() => Texts.Sample(text =>
    {
        var places = new int[65];
        var found = new List<int>();
        for (var start = 0; start < text.Length;)
        {
            var count = LineEnds.Find(text, start, places, out var scanned);
            scanned.Should().BeGreaterThan(start);
            found.AddRange(places[..count]);
            start = scanned;
        }

        found.Should().Equal(Naive(text));
    });

    private static IEnumerable<int> Naive(byte[] text) => Enumerable.Range(0, text.Length).Where(place => text[place] == '\n');
}
