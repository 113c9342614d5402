using AuthServer.Connect;
using AuthServer.Connect.Grants;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Compatibility;

/// <summary><c>POST /api-token-auth/</c>: exchanges a user name and password for a token, by the password grant.</summary>
internal static class ObtainEndpoint
{
    private static readonly string[] NotForApis = [Scopes.OpenId, Scopes.OfflineAccess];

    public static async Task<IResult> HandleAsync(HttpContext context, ActingClient acting, PasswordGrant password)
    {
        var (values, refusal) = await RequestFields.ReadAsync(context, "username", "password");
        if (refusal is not null)
        {
            return refusal;
        }

        if (await acting.FindAsync(context.RequestAborted) is not var (client, policy))
        {
            return ActingClient.Unusable;
        }

        var request = new OpenIddictRequest
        {
            GrantType = GrantTypes.Password,
            ClientId = client.ClientId,
            Username = values[0].Trim(),

            // Not trimmed: blanks are part of a password. (Django trims it.)
            Password = values[1],
            Scope = string.Join(' ', policy.RegisteredScopes.Except(NotForApis).Order(StringComparer.Ordinal)),
        };
        var transaction = ActingClient.Present(context, request);
        if (policy.Allows(Permissions.GrantTypes.RefreshToken))
        {
            RequestState.Of(transaction).RefreshesByAccessToken = true;
        }

        var result = await password.HandleAsync(context, transaction, request, context.RequestAborted);
        return result.Principal is { } principal
            ? Results.SignIn(principal, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : result.Error!;
    }
}
