using System.Security.Claims;
using AuthServer.Protocol;

namespace AuthServer.Connect;

/// <summary>The outcome of a grant: the principal from which the tokens are made, or the refusal.</summary>
internal readonly record struct GrantResult(ClaimsPrincipal? Principal, OAuthError? Error)
{
    public static implicit operator GrantResult(ClaimsPrincipal principal) => new(principal, null);

    public static implicit operator GrantResult(OAuthError error) => new(null, error);
}
