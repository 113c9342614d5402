using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthServer.AdminApi;

/// <summary>A field of a merge patch (RFC 7396): a field that is not sent stays as it is, and null removes the value.</summary>
internal readonly record struct Patched<T>(T Value, bool IsSent)
{
    /// <returns>The new value; the present one if the field was not sent.</returns>
    public T Over(T present) => IsSent ? Value : present;
}

internal sealed class PatchedConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Patched<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Patched<T>>
    {
        public override bool HandleNull => true;

        public override Patched<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.Null && default(T) is not null)
            {
                throw new JsonException();
            }

            return new Patched<T>(JsonSerializer.Deserialize<T>(ref reader, options)!, IsSent: true);
        }

        public override void Write(Utf8JsonWriter writer, Patched<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
