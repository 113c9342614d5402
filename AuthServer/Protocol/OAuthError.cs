using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Protocol;

/// <summary>A refusal of the token endpoint, as RFC 6749 5.2 has it.</summary>
internal sealed record OAuthError(string Code, string Description, int Status = StatusCodes.Status400BadRequest, TimeSpan? RetryAfter = null) : IResult
{
    /// <summary>Unknown user, wrong password, locked and disabled account read the same: none of them is confirmed to exist.</summary>
    public static readonly OAuthError InvalidCredentials =
        new(Errors.InvalidGrant, "The user name or password is wrong.");

    /// <summary>A password alone is not what the person has asked to be let in by.</summary>
    public static readonly OAuthError SecondFactorNeeded =
        new(Errors.InvalidGrant, "The account has two-step sign-in, which this grant cannot ask for: sign in by the browser.");

    public static readonly OAuthError SignInEnded =
        new(Errors.InvalidGrant, "The sign-in that this token belongs to has ended.");

    /// <summary>RFC 6749 4.1.2.</summary>
    public static readonly OAuthError CodeRedeemed =
        new(Errors.InvalidGrant, "The authorization code has already been redeemed.");

    /// <summary>There is nobody to tell about, and a client that can ask again needs no refresh token (RFC 6749 4.4.3).</summary>
    public static readonly OAuthError NobodySignedIn =
        new(Errors.InvalidScope, "The scopes 'openid' and 'offline_access' are for sign-ins of people.");

    /// <summary>RFC 8707 2.</summary>
    public static readonly OAuthError InvalidTarget =
        new(Errors.InvalidTarget, "A requested resource is not one that the granted scopes belong to.");

    public static readonly OAuthError UnsupportedGrantType =
        new(Errors.UnsupportedGrantType, "The grant type is not supported.");

    /// <summary>What the header says.</summary>
    public long? RetryAfterSeconds => RetryAfter is { } delay ? (long)Math.Max(1, Math.Ceiling(delay.TotalSeconds)) : null;

    /// <summary>More password checks are under way than this node takes on.</summary>
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

        // Not by the framework's WriteAsJsonAsync, which heeds RequestAborted: a request that took too long is aborted and
        // still to be answered.
        response.ContentType = "application/json; charset=utf-8";
        var body = httpContext.Features.Get<ErrorForm>()?.BodyOf(this)
            ?? new Dictionary<string, string> { [Parameters.Error] = Code, [Parameters.ErrorDescription] = Description };
        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body)).AsTask();
    }
}
