using System.Diagnostics;
using System.Runtime.CompilerServices;
using BlockSmtp.Collections;
using CsCheck;

namespace BlockSmtp.Tests.Collections;

public sealed class AgingTableTests
{
    [Test]
    public void When_it_is_full_the_entry_that_was_untouched_the_longest_goes()
    {
        var table = new AgingTable<int, string>(3);
        foreach (var key in new[] { 1, 2, 3, 1 })
            table.Touch(key, out _, out _) = $"value {key}";

        table.Touch(4, out var added, out var givenUp) = "value 4";

        added.Should().BeTrue();
        givenUp.Should().Be("value 2");
        table.Count.Should().Be(3);
        Unsafe.IsNullRef(ref table.Find(2)).Should().BeTrue();
        table.Find(1).Should().Be("value 1");
    }

    [Test]
    public void It_behaves_like_a_dictionary_with_a_list_of_uses()
    {
        // Keys that collide: 40 of them in a table of 8.
        var operation = Gen.Select(Gen.Int[0, 39], Gen.OneOfConst("touch", "remove", "find", "clear-rarely"));
        operation.Array[0, 300].Sample(operations =>
        {
            var table = new AgingTable<int, int>(8);
            var model = new List<(int Key, int Value)>();
            var step = 0;
            foreach (var (key, what) in operations)
            {
                step++;
                var index = model.FindIndex(entry => entry.Key == key);
                switch (what)
                {
                    case "touch":
                        ref var value = ref table.Touch(key, out var added, out _);
                        added.Should().Be(index < 0);
                        if (index >= 0)
                            model.RemoveAt(index);
                        else if (model.Count == 8)
                            model.RemoveAt(0);
                        model.Add((key, step));
                        value = step;
                        break;
                    case "remove":
                        table.Remove(key).Should().Be(index >= 0);
                        if (index >= 0)
                            model.RemoveAt(index);
                        break;
                    case "find":
                        ref var found = ref table.Find(key);
                        Unsafe.IsNullRef(ref found).Should().Be(index < 0);
                        if (index >= 0)
                            found.Should().Be(model[index].Value);
                        break;
                    case "clear-rarely" when key == 0:
                        table.Clear();
                        model.Clear();
                        break;
                }

                table.Count.Should().Be(model.Count);
                table.TryPeekOldest(out var oldest, out _).Should().Be(model.Count > 0);
                if (model.Count > 0)
                    oldest.Should().Be(model[0].Key);
            }
        });
    }

    [Test]
    public void A_table_that_has_grown_allocates_nothing()
    {
        var table = new AgingTable<int, long>(1000);
        Churn(table, 3000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Churn(table, 3000);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Test]
    public void A_thousand_times_the_entries_take_about_the_same_time_each()
    {
        var small = Measure(1_000);
        var large = Measure(1_000_000);

        // Caches explain a good part of a factor; a list that is searched would show one of a thousand.
        (large / small).Should().BeLessThan(60);

        static double Measure(int count)
        {
            var table = new AgingTable<int, long>(count);
            Churn(table, count);
            var best = double.MaxValue;
            for (var round = 0; round < 3; round++)
            {
                var start = Stopwatch.GetTimestamp();
                Churn(table, 200_000);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }

            return best;
        }
    }

    private static void Churn(AgingTable<int, long> table, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            table.Touch(step * 7919, out _, out _)++;
            if (step % 3 == 0)
                table.Remove((step - 1) * 7919);
        }
    }
}
