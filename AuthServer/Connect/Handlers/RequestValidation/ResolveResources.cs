using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// RFC 8707 2: replaces each <c>resource</c> by its registered spelling, so that later code compares strings. A request without a
/// <c>scope</c> gets the client's scopes of the resource; from one with a <c>scope</c>, the scopes of other resources are removed. A
/// resource without any scope is <c>invalid_target</c> at once, before the user has typed a password. OpenIddict does not relate
/// resources to scopes.
/// </summary>
internal sealed class ResolveResources(ClientCache clients, ScopeCache scopes, AuthDbContext database)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => GrantAsync(context, context.ClientId, context.Request);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) =>
        GrantAsync(context, context.ClientId, context.Request);

    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context) =>
        GrantAsync(context, context.ClientId, context.Request);

    // Only the grant knows the granted scopes: TokenPrincipal refuses a resource that has none, and AttachAudience narrows the scopes.
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        await SpellAsync(context, context.Request);
        if (context.Request.IsPasswordGrantType() || context.Request.IsClientCredentialsGrantType())
        {
            await AddScopesAsync(context, context.ClientId, context.Request);
        }
    }

    private async ValueTask GrantAsync(BaseValidatingContext context, string? clientId, OpenIddictRequest request)
    {
        if (request.GetResources() is { IsEmpty: true })
        {
            return;
        }

        await SpellAsync(context, request);
        await AddScopesAsync(context, clientId, request);
        var known = await scopes.AllAsync(database, context.CancellationToken);
        var resources = request.GetResources();
        var granted = request.GetScopes()
            .Where(scope =>
                !known.TryGetValue(scope, out var entry) || entry.Resources.Count is 0 || entry.Resources.Intersect(resources).Any())
            .ToList();
        var covered = granted.SelectMany(scope =>
            known.TryGetValue(scope, out var entry) ? entry.Resources : scope is Scopes.OpenId ? [IssuerOf(context)] : []);
        if (resources.Except(covered).Any())
        {
            context.Reject(Errors.InvalidTarget, OAuthError.InvalidTarget.Description);
            return;
        }

        request.Scope = string.Join(' ', granted);
    }

    private async ValueTask SpellAsync(BaseValidatingContext context, OpenIddictRequest request)
    {
        if (request.GetResources() is { IsEmpty: false } asked)
        {
            var known = await scopes.AllAsync(database, context.CancellationToken);
            var registered = known.Values.SelectMany(entry => entry.Resources).Append(IssuerOf(context)).Distinct().ToList();
            request.Resources = [.. asked.Select(resource => registered.Contains(resource)
                ? resource
                : registered.Find(candidate => ResourceAddress.AreSame(candidate, resource)) ?? resource).Distinct()];
        }
    }

    private async ValueTask AddScopesAsync(BaseValidatingContext context, string? clientId, OpenIddictRequest request)
    {
        if (request.GetResources() is { IsEmpty: false } resources
            && string.IsNullOrEmpty(request.Scope)
            && clientId is not null
            && await clients.FindAsync(database, clientId, context.CancellationToken) is { Policy: var policy })
        {
            var known = await scopes.AllAsync(database, context.CancellationToken);
            request.Scope = string.Join(
                ' ',
                known.Where(scope => policy.Grants(scope.Key) && scope.Value.Resources.Intersect(resources).Any())
                    .Select(scope => scope.Key)
                    .Order(StringComparer.Ordinal));
        }
    }

    private static string IssuerOf(BaseValidatingContext context) => context.Options.Issuer!.AbsoluteUri;
}
