using System.Security.Cryptography;
using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Logout;

/// <summary>The logout token of OpenID Connect Back-Channel Logout 1.0, 2.4, signed as ID tokens are.</summary>
internal sealed class LogoutToken(KeyRing keys, IOptions<ConnectOptions> options, TimeProvider time)
{
    private const string Type = "logout+jwt";
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    // Back-Channel Logout 1.0, 4 recommends a short lifetime, because the token is sent at once.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Create(string clientId, LogoutNotice notice)
    {
        var now = time.GetUtcNow();
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            SigningCredentials = keys.ActiveSigning(options.Value.IdentityTokenSigningAlgorithm),
            Claims = new Dictionary<string, object>
            {
                [Claims.Issuer] = options.Value.IssuerUri.AbsoluteUri,
                [Claims.Audience] = clientId,
                [Claims.IssuedAt] = now.ToUnixTimeSeconds(),
                [Claims.ExpiresAt] = (now + Lifetime).ToUnixTimeSeconds(),

                // A new one for each attempt: an app that got the last token but could not answer may refuse the same jti.
                [Claims.JwtId] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16)),
                [Claims.Subject] = notice.Subject,
                [ProtocolNames.SessionIdClaim] = notice.SessionId.ToString(),
                ["events"] = new Dictionary<string, object> { [Event] = new Dictionary<string, object>() },
            },
        });
    }
}
