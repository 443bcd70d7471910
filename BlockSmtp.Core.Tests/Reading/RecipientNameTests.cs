using System.Text;
using BlockSmtp.Grammars;

namespace BlockSmtp.Tests.Reading;

/// <summary>Which texts of a client stand for one name. Whoever could make many of them one would guess uncounted.</summary>
public sealed class RecipientNameTests
{
    [TestCase("<anna>", "anna")]
    [TestCase("<anna@example.org>", "<ANNA@Example.ORG>")]
    [TestCase("<anna+lists@example.org>", "<anna+news@example.org>")]
    [TestCase("o'brien@example.org", "<O'Brien@example.org>")]
    [TestCase("<j\u00fcrgen@example.org>", "<J\u00fcRGEN@example.org>")]
    [TestCase("<administrator@example.org>", "<AdministratoR@example.org>")]
    public void Of_a_plain_address_neither_case_nor_what_follows_a_plus_counts(string one, string other) =>
        RecipientName.OfTried(one).Should().Be(RecipientName.OfTried(other));

    // Each was answered without end by a real sendmail, which finds the name in it, while all of them had one key; and of one text with
    // several of these signs others are true each time, for the log has them without their eighth bits.
    [TestCase("<(+)n@example.org>")]
    [TestCase("n(+)")]
    [TestCase("x+<n@example.org>")]
    [TestCase("\"x+\"<n@example.org>")]
    [TestCase("x+:n;")]
    [TestCase("<@example.org,@x+y.example:n@example.org>")]
    [TestCase("(<same@example.org>)n")]
    [TestCase("<anna><bob>")]
    [TestCase("<\"anna\"bob\"@example.org>")]
    [TestCase("<\"<anna><bob>%\"@example.org>")]
    [TestCase("<\"(anna)bob\"@example.org>")]
    [TestCase("<\"a:anna;\"@example.org>")]
    [TestCase("<\"anna\\\"@example.org>")]
    [TestCase("<\"anna\"@example.org(n)>")]
    public void Of_a_text_in_which_something_may_mean_nothing_no_name_is_known_that_could_be_the_same(string text) =>
        RecipientName.OfTried(text).Key.Should().Be(0);

    [TestCase("<a+b.example!n{0}@example.org>")]
    [TestCase("<a+b%n{0}@example.org>")]
    [TestCase("<\"n {0}\"@example.org>")]
    [TestCase("<mC<l{0}@example.org>")]
    [TestCase("<josC){0}@example.org>")]
    [TestCase("<n{0}@[192.0.2.25]>")]
    public void What_is_written_around_a_name_does_not_hide_it(string pattern)
    {
        KeysOf(pattern).Should().OnlyHaveUniqueItems().And.NotContain(0UL);
        KeysOf(pattern).Should().Equal(KeysOf(pattern));
    }

    // The gate is asked with all eight bits, sendmail's log has seven of them: one guess that was told twice counted as two names.
    [Test]
    public void A_refused_name_is_one_with_its_characters_eighth_bits_and_without()
    {
        byte[] asked = [.. "<jos"u8, 0xC3, 0xAB, .. "0@example.org>"u8];

        RecipientName.OfTried(asked).Should().Be(RecipientName.OfTried([.. asked.Select(letter => (byte)(letter & 0x7F))]));
        RecipientName.OfTried([.. asked[..4], .. asked[5..]]).Should().NotBe(RecipientName.OfTried(asked));
    }

    [Test]
    public void A_text_that_a_log_shortens_has_no_name_that_could_be_the_same() =>
        RecipientName.OfTried($"({new string('a', 99)}...{new string('b', 99)})").Key.Should().Be(0);

    [TestCase("<anna-7@example.org>", true)]
    [TestCase("<Anna-maria+7@example.org>", true)]
    [TestCase("<anna.maria@example.org>", false)]
    [TestCase("<-anna@example.org>", false)]
    public void Who_is_delivered_to_is_one_recipient_whatever_follows_a_hyphen(string recipient, bool isAnna) =>
        (RecipientName.KeyOfAccepted(Encoding.ASCII.GetBytes(recipient)) == RecipientName.KeyOfAccepted("<anna@example.org>"u8))
            .Should().Be(isAnna);

    [Test]
    public void Guesses_are_told_apart_by_what_follows_a_hyphen() => KeysOf("<anna-{0}@example.org>").Should().OnlyHaveUniqueItems();

    [Test]
    public void A_text_that_is_shown_shortened_has_no_name_that_could_be_the_same() =>
        RecipientName.OfTried($"<({new string('a', 98)}").Key.Should().Be(0);

    [Test]
    public void Only_a_name_of_plain_characters_is_a_known_users([Range(0, 255)] int letter)
    {
        byte[] recipient = [.. "<anna"u8, (byte)letter, .. "@example.org>"u8];
        var isPlain = letter >= 0x80 || char.IsAsciiLetterOrDigit((char)letter) || "+-._=~'#$&*?^`{|}".Contains((char)letter);

        (RecipientName.KeyOfAccepted(recipient) != 0).Should().Be(isPlain);
    }

    [Test]
    public void Names_of_any_length_are_told_apart_by_each_letter([Range(1, 20)] int length)
    {
        var names = Enumerable.Range(0, length).Select(at => string.Concat(Enumerable.Range(0, length).Select(i => i == at ? 'z' : 'a')));

        names.Append(new string('a', length)).Append(new string('a', length + 1))
            .Select(name => RecipientName.OfTried($"<{name}@example.org>").Key).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void What_follows_a_plus_sign_makes_no_other_recipient_of_a_delivery() =>
        RecipientName.Of(Encoding.ASCII.GetBytes("<anna+1@example.org>"))
            .Should().Be(RecipientName.Of(Encoding.ASCII.GetBytes("<anna+2@example.org>")));

    private static IEnumerable<ulong> KeysOf(string pattern) =>
        Enumerable.Range(1, 20).Select(number =>
            RecipientName.OfTried(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, number)).Key);
}
