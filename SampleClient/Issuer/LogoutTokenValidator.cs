using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using SampleClient.App;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SampleClient.Issuer;

/// <summary>The sign-in that has ended.</summary>
/// <param name="SessionId">The issuer's session; null if all sessions of the user have ended.</param>
/// <param name="Subject">The user; null if the session is enough.</param>
internal sealed record LogoutToken(string? SessionId, string? Subject);

/// <summary>OpenID Connect Back-Channel Logout 1.0, 2.6. The step numbers below are those of that section.</summary>
internal sealed class LogoutTokenValidator(IssuerKeys keys, IOptions<AppOptions> app, TimeProvider time)
{
    private const string SessionId = "sid";
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>
    /// The longest time after iat that a token is accepted, whatever its exp says; 2.4 recommends two minutes at most. A jti is
    /// remembered at least as long.
    /// </summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly string[] Algorithms = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly SeenTokens seen = new();

    /// <returns>The token, or the reason for refusing it.</returns>
    public async Task<(LogoutToken? Token, string? Refusal)> ValidateAsync(string text, CancellationToken cancellationToken)
    {
        // Steps 1 to 4. Nothing is decrypted, because this app has registered no encryption. Signature, iss, aud and exp are as for
        // ID tokens.
        OpenIddictConfiguration configuration;
        TokenValidationResult result;
        try
        {
            configuration = await keys.CurrentAsync(cancellationToken);
            result = await CheckAsync(text, configuration);
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException
                && await keys.NewerAsync(configuration, cancellationToken) is { } fresh)
            {
                result = await CheckAsync(text, fresh);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or OpenIddictExceptions.ProtocolException)
        {
            return (null, "The issuer's keys cannot be fetched.");
        }

        if (!result.IsValid || result.SecurityToken is not JsonWebToken token)
        {
            return (null, "Its signature, issuer, audience or time is wrong.");
        }

        using var json = JsonDocument.Parse(Base64UrlEncoder.Decode(token.EncodedPayload));
        var claims = json.RootElement;
        return Refusal(token.Typ, claims) is { } refusal
            ? (null, refusal)
            : (new LogoutToken(Text(claims, SessionId), Text(claims, Claims.Subject)), null);
    }

    private string? Refusal(string? type, JsonElement claims)
    {
        var now = time.GetUtcNow();
        if (!string.IsNullOrEmpty(type) && !IsType(type))
        {
            return "Its typ belongs to another kind of token.";
        }

        if (!claims.TryGetProperty(Claims.IssuedAt, out var at)
            || at.ValueKind is not JsonValueKind.Number
            || !at.TryGetInt64(out var issuedAt)
            || IsFarFrom(now, issuedAt))
        {
            return "Its iat is missing, in the future, or long past.";
        }

        // Steps 5, 6 and 7.
        if (Text(claims, Claims.Subject) is null && Text(claims, SessionId) is null)
        {
            return "It has neither sub nor sid.";
        }

        if (!claims.TryGetProperty("events", out var events)
            || events.ValueKind is not JsonValueKind.Object
            || !events.TryGetProperty(Event, out var member)
            || member.ValueKind is not JsonValueKind.Object)
        {
            return "Its events do not say that it is a back-channel logout.";
        }

        if (claims.TryGetProperty(Claims.Nonce, out _))
        {
            return "It has a nonce, so it is an ID token.";
        }

        // Step 8 is last, so that a token refused for another reason does not use up its jti.
        return Text(claims, Claims.JwtId) is { } id && seen.TryAdd(id, now, now + LongestLife + ClockSkew)
            ? null
            : "Its jti is missing or was seen before.";
    }

    private Task<TokenValidationResult> CheckAsync(string text, OpenIddictConfiguration configuration) =>
        handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            // With and without the trailing slash, which makes no difference if there is no path.
            ValidIssuers = [configuration.Issuer!.AbsoluteUri, configuration.Issuer.AbsoluteUri.TrimEnd('/')],
            ValidAudience = app.Value.ClientId,
            IssuerSigningKeys = configuration.SigningKeys,
            ValidAlgorithms = Algorithms,
            ClockSkew = ClockSkew,
        });

    private static bool IsType(string type) =>
        type.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase)
        || type.Equals("application/logout+jwt", StringComparison.OrdinalIgnoreCase)
        || type.Equals("JWT", StringComparison.OrdinalIgnoreCase);

    private static bool IsFarFrom(DateTimeOffset now, long seconds) =>
        seconds < (now - LongestLife).ToUnixTimeSeconds() || seconds > (now + ClockSkew).ToUnixTimeSeconds();

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
