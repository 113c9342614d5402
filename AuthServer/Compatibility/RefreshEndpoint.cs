using OpenIddict.Server.AspNetCore;

namespace AuthServer.Compatibility;

/// <summary><c>POST /api-token-refresh/</c>: exchanges a token that is still valid for a newer one of the same sign-in.</summary>
internal static class RefreshEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, ActingClient acting, AccessTokenRefresh refresh)
    {
        var (values, refusal) = await RequestFields.ReadAsync(context, "token");
        if (refusal is not null)
        {
            return refusal;
        }

        if (await acting.FindAsync(context.RequestAborted) is not var (_, policy))
        {
            return ActingClient.Unusable;
        }

        var (principal, problem) = await refresh.RefreshAsync(context, values[0].Trim(), policy, context.RequestAborted);
        return principal is null
            ? problem!
            : Results.SignIn(principal, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
