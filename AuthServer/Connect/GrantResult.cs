using System.Security.Claims;
using AuthServer.Protocol;

namespace AuthServer.Connect;

/// <summary>What a grant comes to: the principal that the tokens are made of, or the refusal.</summary>
internal readonly record struct GrantResult(ClaimsPrincipal? Principal, OAuthError? Error)
{
    public static implicit operator GrantResult(ClaimsPrincipal principal) => new(principal, null);

    public static implicit operator GrantResult(OAuthError error) => new(null, error);
}
