using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlockSmtp.Diagnostics;

namespace BlockSmtp.Control;

/// <summary>How requests and replies are written: known to the compiler, as reflection is none in a native program.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16,
    Converters = [
        typeof(AddressConverter), typeof(NetworkConverter), typeof(TimeConverter), typeof(KindConverter), typeof(SourceConverter),
        typeof(ReasonConverter), typeof(WordKindConverter), typeof(SenderConverter)])]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>Reads words that stand for something; what is none is a <see cref="JsonException"/>.</summary>
    private abstract class WordConverter<T> : JsonConverter<T>
    {
        public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && TryParse(text, out var value)
                ? value
                : throw new JsonException();

        public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Show(value));

        protected abstract bool TryParse(string text, out T value);

        protected abstract string Show(T value);
    }

    private sealed class AddressConverter : WordConverter<IPAddress>
    {
        protected override bool TryParse(string text, out IPAddress value)
        {
            var isHost = !text.Contains('/') & NetworkText.TryParse(text, out var network);
            value = network.BaseAddress;
            return isHost;
        }

        protected override string Show(IPAddress value) => value.ToString();
    }

    private sealed class NetworkConverter : WordConverter<IPNetwork>
    {
        protected override bool TryParse(string text, out IPNetwork value) => NetworkText.TryParse(text, out value);

        protected override string Show(IPNetwork value) => NetworkText.Show(value);
    }

    /// <summary>Always UTC, with a Z.</summary>
    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }

    private sealed class KindConverter() : JsonStringEnumConverter<OffenseKind>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class SourceConverter() : JsonStringEnumConverter<PeerSource>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class WordKindConverter() : JsonStringEnumConverter<FleetWordKind>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class SenderConverter() : JsonStringEnumConverter<SenderKind>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class ReasonConverter : WordConverter<ReleaseReason>
    {
        protected override bool TryParse(string text, out ReleaseReason value)
        {
            var reasons = Enum.GetValues<ReleaseReason>();
            var index = Array.FindIndex(reasons, reason => ReleaseWord.Of(reason) == text);
            value = index < 0 ? default : reasons[index];
            return index >= 0;
        }

        protected override string Show(ReleaseReason value) => ReleaseWord.Of(value);
    }
}
