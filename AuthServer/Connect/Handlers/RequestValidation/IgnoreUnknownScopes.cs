using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// Ignores unregistered scopes (OpenID Connect Core 3.1.2.1); the answer says which scopes were granted. Also ignores parameters
/// without a meaning (RFC 6749 3.1, 3.2): <c>audience</c>, and <c>scope</c> when a code is redeemed. OpenIddict refuses all of these.
/// If none of the scopes is registered, all stay and are refused by name (RFC 6749 3.3), because a request without scopes would mean
/// something else.
/// </summary>
internal sealed class IgnoreUnknownScopes(ScopeCache scopes, AuthDbContext database)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>,
        IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (context.Request.IsAuthorizationCodeGrantType() || context.Request.IsDeviceCodeGrantType())
        {
            context.Request.Scope = null;
        }

        await CleanAsync(context, context.Request);
    }

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => CleanAsync(context, context.Request);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => CleanAsync(context, context.Request);

    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context) => CleanAsync(context, context.Request);

    private async ValueTask CleanAsync(BaseValidatingContext context, OpenIddictRequest request)
    {
        request.Audiences = null;
        var asked = request.GetScopes();
        if (asked.IsEmpty)
        {
            return;
        }

        var known = await scopes.AllAsync(database, context.CancellationToken);
        var left = asked.Where(scope => context.Options.Scopes.Contains(scope) || known.ContainsKey(scope)).ToList();
        if (left.Count > 0 && left.Count < asked.Length)
        {
            request.Scope = string.Join(' ', left);
        }
    }
}
