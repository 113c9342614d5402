using AuthServer.Connect.Grants;
using AuthServer.Protocol;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace AuthServer.Connect;

/// <summary>
/// <c>POST /connect/token</c> (RFC 6749 3.2). OpenIddict has already authenticated the client and checked its permissions; this class
/// calls the grant.
/// </summary>
internal static class TokenEndpoint
{
    public static async Task<IResult> HandleAsync(
        HttpContext context,
        PasswordGrant password,
        RefreshTokenGrant refreshToken,
        ClientCredentialsGrant clientCredentials,
        CodeGrant code)
    {
        var transaction = context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        var request = transaction.Request!;
        var cancellationToken = context.RequestAborted;
        GrantResult result =
            request.IsPasswordGrantType() ? await password.HandleAsync(context, transaction, request, cancellationToken)
            : request.IsRefreshTokenGrantType() ? await refreshToken.HandleAsync(context, transaction, request, cancellationToken)
            : request.IsAuthorizationCodeGrantType() || request.IsDeviceCodeGrantType()
                ? await code.HandleAsync(context, transaction, request, cancellationToken)
            : request.IsClientCredentialsGrantType() ? await clientCredentials.HandleAsync(request, cancellationToken)
            : OAuthError.UnsupportedGrantType;

        return result.Principal is { } principal
            ? Results.SignIn(principal, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : result.Error!;
    }
}
