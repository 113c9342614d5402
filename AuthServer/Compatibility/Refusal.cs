using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Compatibility;

/// <summary>A refusal in the form of Django REST framework: errors for each field, for all fields together, or for the request.</summary>
internal sealed record Refusal(int Status, object Body) : IResult
{
    /// <summary>Also for a token whose sign-in has ended, for example by a new password: the user has to sign in again.</summary>
    public static readonly Refusal Expired = OfFields("Signature has expired.");

    public static readonly Refusal Undecodable = OfFields("Error decoding signature.");

    public static readonly Refusal Disabled = OfFields("User account is disabled.");

    /// <summary>The time limit that counts from the sign-in has passed; refreshing does not extend it.</summary>
    public static readonly Refusal RefreshExpired = OfFields("Refresh has expired.");

    /// <summary>The token's sign-in began at another endpoint, or the client may not refresh.</summary>
    public static readonly Refusal NotRefreshable = OfFields("orig_iat field is required.");

    /// <summary>Writes errors of the rest of the server in the form of this class.</summary>
    public static readonly ErrorForm Form = new(BodyOf);

    // No HTML escapes: nothing renders this as HTML, and people compare it with Django's output.
    private static readonly JsonSerializerOptions AsDjangoWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Refusal OfFields(string message) =>
        new(StatusCodes.Status400BadRequest, Fields(("non_field_errors", message)));

    public static Refusal OfFields(IEnumerable<(string Field, string Message)> messages) =>
        new(StatusCodes.Status400BadRequest, Fields([.. messages]));

    public static Refusal OfRequest(int status, string detail) => new(status, Detail(detail));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(Body, AsDjangoWrites)).AsTask();
    }

    private static object BodyOf(OAuthError error) => error switch
    {
        { Code: Errors.InvalidGrant } => Fields(("non_field_errors", "Unable to log in with provided credentials.")),
        { Status: StatusCodes.Status429TooManyRequests } => Detail(Throttled(error.RetryAfterSeconds)),
        { Status: StatusCodes.Status404NotFound } => Detail("Not found."),
        { Status: StatusCodes.Status500InternalServerError } => Detail("A server error occurred."),
        _ => Detail(error.Description),
    };

    private static string Throttled(long? seconds) => seconds switch
    {
        null => "Request was throttled.",
        1 => "Request was throttled. Expected available in 1 second.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Request was throttled. Expected available in {seconds} seconds."),
    };

    private static Dictionary<string, string> Detail(string detail) => new() { ["detail"] = detail };

    private static Dictionary<string, string[]> Fields(params (string Field, string Message)[] messages) =>
        messages.ToDictionary(entry => entry.Field, entry => new[] { entry.Message });
}
