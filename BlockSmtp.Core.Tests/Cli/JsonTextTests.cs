using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BlockSmtp.Cli.Output;
using CsCheck;

namespace BlockSmtp.Tests.Cli;

public sealed class JsonTextTests
{
    /// <summary>Why a host is blocked a policy says, which may be anybody's.</summary>
    [Test]
    public void Any_text_is_escaped_as_the_json_writer_of_the_runtime_does() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char[' ', '~']]).Sample(text => Written(json => json.Add(text)) == Expected(text));

    [TestCase("more than 3 wrong guesses within 1d")]
    [TestCase("a \"quote\", a \\ and a\ttab, ä, \ud83d\ude00, \u007f, \u2028 <b>")]
    [TestCase("\ud83d alone")]
    [TestCase("")]
    public void So_is_this_text(string text) => Written(json => json.Add(text)).Should().Be(Expected(text));

    [Test]
    public void Times_are_written_to_the_second_whatever_comes_after_what() =>
        Gen.DateTime.Array[1, 5].Sample(times =>
            Written(json => Array.ForEach(times, time => json.Add(new DateTimeOffset(time.Ticks, TimeSpan.Zero)))) == string.Concat(
                times.Select(time => time.ToString("s") + "Z")));

    [TestCase("192.0.2.1")]
    [TestCase("2001:db8::1")]
    [TestCase("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")]
    public void Addresses_and_numbers_are_as_they_are_shown_elsewhere(string address) => Written(json =>
    {
        json.Add(IPAddress.Parse(address));
        json.Add(" "u8);
        json.Add(long.MinValue);
    }).Should().Be($"{IPAddress.Parse(address)} {long.MinValue}");

    private static string Expected(string text)
    {
        var whole = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return Encoding.UTF8.GetString(whole.EncodedUtf8Bytes);
    }

    private static string Written(Action<JsonText> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new JsonText(buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
