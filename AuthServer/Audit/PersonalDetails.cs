using System.Text.Json.Serialization;

namespace AuthServer.Audit;

/// <summary>The part of an event that names a person. It is stored encrypted.</summary>
internal sealed record PersonalDetails
{
    public static readonly PersonalDetails Nothing = new();

    public string? Address { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Fields that name the person, such as the mail address, before and after a change.</summary>
    public IReadOnlyDictionary<string, AuditChange>? Changes { get; init; }
}

/// <summary>A field that has changed.</summary>
/// <param name="Before">Null if the field was empty.</param>
/// <param name="After">Null if the field is now empty.</param>
internal sealed record AuditChange(string? Before, string? After);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonalDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, AuditChange>))]
internal sealed partial class PersonalJson : JsonSerializerContext;
