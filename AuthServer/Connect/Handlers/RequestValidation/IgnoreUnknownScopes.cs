using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// RFC 6749 3.1, 3.2: a parameter that means nothing to a request is ignored, an <c>audience</c> and the <c>scope</c> of a code. OpenID Connect Core
/// 3.1.2.1: so is a scope that nobody has registered; the answer says what was granted. OpenIddict refuses all of them. Where nobody
/// knows any of them they stay, and are refused by name (RFC 6749 3.3): the request is not one without scopes.
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
