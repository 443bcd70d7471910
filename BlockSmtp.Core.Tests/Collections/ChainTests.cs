using System.Runtime.CompilerServices;
using BlockSmtp.Collections;
using CsCheck;

namespace BlockSmtp.Tests.Collections;

public sealed class ChainTests
{
    [Test]
    public void Chains_that_share_their_room_behave_like_lists()
    {
        var operation = Gen.Select(Gen.Int[0, 3], Gen.OneOfConst("append", "append", "change", "free"), Gen.Int[0, 20]);
        operation.Array[0, 300].Sample(operations =>
        {
            var links = new ChainLinks<long>();
            var chains = new Chain<long>[4];
            var models = Enumerable.Range(0, 4).Select(_ => new List<long> { 0 }).ToArray();
            var step = 0;
            foreach (var (which, what, place) in operations)
            {
                step++;
                var model = models[which];
                switch (what)
                {
                    case "append":
                        ref var added = ref links.Append(ref chains[which]);
                        added.Should().Be(0, "it is a free place");
                        added = step;
                        model.Add(step);
                        break;
                    case "change":
                        ref var value = ref links.At(ref chains[which], place);
                        Unsafe.IsNullRef(ref value).Should().Be(place >= model.Count);
                        if (place < model.Count)
                            model[place] = value = step;
                        break;
                    default:
                        links.Free(chains[which]);
                        chains[which] = default;
                        models[which] = [0];
                        break;
                }
            }

            for (var i = 0; i < chains.Length; i++)
            {
                ValuesOf(links, ref chains[i], int.MaxValue).Should().Equal(models[i]);
                ValuesOf(links, ref chains[i], 2).Should().Equal(models[i].Take(2));
            }
        });
    }

    [Test]
    public void The_room_of_a_chain_that_is_no_more_is_taken_again()
    {
        var links = new ChainLinks<long>();
        Fill(links);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
            Fill(links);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static void Fill(ChainLinks<long> links)
    {
        var chain = default(Chain<long>);
        for (var i = 0; i < 1_000; i++)
            links.Append(ref chain) = i;
        links.Free(chain);
    }

    private static List<long> ValuesOf(ChainLinks<long> links, ref Chain<long> chain, int most)
    {
        List<long> values = [];
        foreach (ref var value in links.Of(ref chain, most))
            values.Add(value);
        return values;
    }
}
