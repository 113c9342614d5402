using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace AuthServer.AdminApi;

/// <summary>The body that an endpoint takes, for its document.</summary>
internal sealed record BodyShape(string MediaType, Type Type);

/// <summary>
/// The JSON body of a request. What is wrong with it is refused with the place: another media type, a field that is not known, a value of
/// another type.
/// </summary>
internal sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly string[] MediaTypes = ["application/json", "application/merge-patch+json"];

    // Not the framework's own metadata: routing would refuse another media type before anybody has asked for the token.
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyShape(MediaTypeOf(typeof(T)), typeof(T)));

    /// <exception cref="AdminProblem">The body is not a <typeparamref name="T"/>.</exception>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !MediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            throw new AdminProblem(ProblemKind.UnsupportedMediaType, $"The body has to be {MediaTypeOf(typeof(T))}.");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, AdminJson.Options, context.RequestAborted) is { } value
                ? new Body<T>(value)
                : throw new AdminProblem(ProblemKind.InvalidRequest, "The body has to be a JSON object.");
        }
        catch (JsonException exception)
        {
            var pointer = PointerOf(exception.Path);
            throw new AdminProblem(
                ProblemKind.InvalidRequest,
                pointer is "" ? "The body is no JSON object of this operation's shape." : $"The value at '{pointer}' is not allowed here.",
                new FieldProblem(pointer, "It is not known, sent twice, missing, or of another type."));
        }
    }

    private static string MediaTypeOf(Type type) => MediaTypes[type.Name.EndsWith("Patch", StringComparison.Ordinal) ? 1 : 0];

    // From $.roles[1].name to /roles/1/name.
    private static string PointerOf(string? path) =>
        (path ?? "$")[1..].Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
            .Replace("'", "", StringComparison.Ordinal);
}
