using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Protocol;

/// <summary>An error response in the form of RFC 6749 5.2.</summary>
internal sealed record OAuthError(
    string Code, string Description, int Status = StatusCodes.Status400BadRequest, TimeSpan? RetryAfter = null) : IResult
{
    /// <summary>
    /// The same answer for an unknown user, a wrong password, and a locked or disabled account, so that it does not reveal whether an
    /// account exists.
    /// </summary>
    public static readonly OAuthError InvalidCredentials =
        new(Errors.InvalidGrant, "The user name or password is wrong.");

    /// <summary>The user has set up two-step sign-in, so a password alone is not enough.</summary>
    public static readonly OAuthError SecondFactorNeeded =
        new(Errors.InvalidGrant, "The account has two-step sign-in, which this grant cannot ask for: sign in by the browser.");

    public static readonly OAuthError SignInEnded =
        new(Errors.InvalidGrant, "The sign-in that this token belongs to has ended.");

    /// <summary>RFC 6749 4.1.2.</summary>
    public static readonly OAuthError CodeRedeemed =
        new(Errors.InvalidGrant, "The authorization code has already been redeemed.");

    /// <summary>
    /// For a client without a user: an ID token would describe nobody, and the client can ask again instead of refreshing (RFC 6749 4.4.3).
    /// </summary>
    public static readonly OAuthError NobodySignedIn =
        new(Errors.InvalidScope, "The scopes 'openid' and 'offline_access' are for sign-ins of people.");

    /// <summary>RFC 8707 2.</summary>
    public static readonly OAuthError InvalidTarget =
        new(Errors.InvalidTarget, "A requested resource is not one that the granted scopes belong to.");

    public static readonly OAuthError UnsupportedGrantType =
        new(Errors.UnsupportedGrantType, "The grant type is not supported.");

    /// <summary>The value of the header <c>Retry-After</c>.</summary>
    public long? RetryAfterSeconds => RetryAfter is { } delay ? (long)Math.Max(1, Math.Ceiling(delay.TotalSeconds)) : null;

    /// <summary>More password checks are running than this node accepts.</summary>
    public static OAuthError Busy(TimeSpan retryAfter) =>
        new(Errors.TemporarilyUnavailable, "The server is busy; try again shortly.", StatusCodes.Status503ServiceUnavailable, retryAfter);

    public static OAuthError TooManyAttempts(TimeSpan retryAfter) =>
        new(Errors.TemporarilyUnavailable, "Too many attempts; try again later.", StatusCodes.Status429TooManyRequests, retryAfter);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        // For the security log.
        httpContext.Features.Set(this);
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        // Not the framework's WriteAsJsonAsync, which stops at RequestAborted: a request that took too long is aborted but must
        // still be answered.
        response.ContentType = "application/json; charset=utf-8";
        var body = httpContext.Features.Get<ErrorForm>()?.BodyOf(this)
            ?? new Dictionary<string, string> { [Parameters.Error] = Code, [Parameters.ErrorDescription] = Description };
        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body)).AsTask();
    }
}
