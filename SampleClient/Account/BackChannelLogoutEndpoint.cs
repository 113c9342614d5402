using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>
/// POST /account/backchannel-logout (OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8): the issuer reports that a sign-in has
/// ended. The request has no cookie and no antiforgery token; only the signature of the logout token proves the sender.
/// </summary>
internal static partial class BackChannelLogoutEndpoint
{
    public static void MapBackChannelLogout(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/account/backchannel-logout", HandleAsync).AllowAnonymous();

    private static async Task<IResult> HandleAsync(
        HttpContext context, LogoutTokenValidator validator, SessionStore sessions, ILogger<LogoutTokenValidator> logger)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (token, refusal) = await ReadTokenAsync(context) is { Length: > 0 } text
            ? await validator.ValidateAsync(text, context.RequestAborted)
            : (null, "The request has no logout_token.");
        if (token is null)
        {
            Log.Refused(logger, refusal!);
            return TypedResults.Json(
                new { error = "invalid_request", error_description = refusal }, statusCode: StatusCodes.Status400BadRequest);
        }

        var count = sessions.End(token.SessionId, token.Subject);
        Log.Ended(logger, count);
        return TypedResults.Ok();
    }

    private static async Task<string?> ReadTokenAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType
                ? (await context.Request.ReadFormAsync(context.RequestAborted))["logout_token"]
                : default(string);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The issuer has signed a user out: {Count} sessions of this app ended")]
        public static partial void Ended(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A back-channel logout was refused. {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
