using System.Globalization;
using System.Text.Json.Nodes;

namespace AuthServer.Tests.Support;

/// <summary>
/// Compares JSON with a schema of an OpenAPI document, as far as our document uses JSON Schema. It is stricter than the standard: an object
/// may have only properties that the schema names.
/// </summary>
internal sealed class JsonShape(JsonNode document)
{
    private static readonly Dictionary<string, Func<string, bool>> Formats = new(StringComparer.Ordinal)
    {
        ["uuid"] = text => Guid.TryParseExact(text, "D", out _),
        ["date-time"] = text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains('T', StringComparison.Ordinal),
    };

    /// <returns>What does not fit, each with its place. None if the value is as the schema says.</returns>
    public IEnumerable<string> Misfits(JsonNode schema, JsonNode? value, string place = "")
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            return Misfits(reference[2..].Split('/').Aggregate(document, (node, step) => node[step]!), value, place);
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            return choices.Any(choice => !Misfits(choice!, value, place).Any()) ? [] : [$"{place}: {value} is none of {choices.ToJsonString()}"];
        }

        var types = schema["type"] switch
        {
            JsonArray several => several.Select(type => type!.GetValue<string>()).ToList(),
            { } one => [one.GetValue<string>()],
            null => [],
        };
        if (types.Count > 0 && !types.Contains(TypeOf(value)))
        {
            return [$"{place}: {value?.ToJsonString() ?? "null"} is no {string.Join(" or ", types)}"];
        }

        return value switch
        {
            JsonObject fields when types.Count > 0 => OfObject(schema, fields, place),
            JsonArray items when types.Count > 0 => items.SelectMany((item, index) => Misfits(schema["items"]!, item, $"{place}/{index}")),
            _ => schema["format"]?.GetValue<string>() is { } format && value is not null && Formats.TryGetValue(format, out var fits)
                && !fits(value.GetValue<string>()) ? [$"{place}: {value} is no {format}"] : [],
        };
    }

    private IEnumerable<string> OfObject(JsonNode schema, JsonObject fields, string place)
    {
        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!fields.ContainsKey(name!.GetValue<string>()))
            {
                yield return $"{place}/{name}: missing";
            }
        }

        foreach (var (name, value) in fields)
        {
            if ((properties[name] ?? schema["additionalProperties"]) is not { } shape)
            {
                yield return $"{place}/{name}: unknown";
                continue;
            }

            foreach (var misfit in Misfits(shape, value, $"{place}/{name}"))
            {
                yield return misfit;
            }
        }
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or System.Text.Json.JsonValueKind.Null => "null",
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => value.AsValue().TryGetValue<long>(out _) ? "integer" : "number",
        _ => "boolean",
    };
}
