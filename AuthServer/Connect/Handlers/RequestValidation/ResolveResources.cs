using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// RFC 8707 2: writes each <c>resource</c> as it is registered, so that everything behind compares letters, gives a request without a
/// <c>scope</c> those of the resource, and one with a scope the part of it that belongs there. A resource that is left without a scope is
/// <c>invalid_target</c>, at once: not after the person has typed a password.
/// </summary>
internal sealed class ResolveResources(ClientCache clients, ScopeCache scopes, AuthDbContext database)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => GrantAsync(context, context.ClientId, context.Request);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => GrantAsync(context, context.ClientId, context.Request);

    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context) => GrantAsync(context, context.ClientId, context.Request);

    // What belongs to a resource is decided there by the grant, which alone knows what was granted.
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
            .Where(scope => !known.TryGetValue(scope, out var entry) || entry.Resources.Count is 0 || entry.Resources.Intersect(resources).Any()).ToList();
        var covered = granted.SelectMany(scope => known.TryGetValue(scope, out var entry) ? entry.Resources : scope is Scopes.OpenId ? [IssuerOf(context)] : []);
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
                ' ', known.Where(scope => policy.Grants(scope.Key) && scope.Value.Resources.Intersect(resources).Any()).Select(scope => scope.Key).Order(StringComparer.Ordinal));
        }
    }

    private static string IssuerOf(BaseValidatingContext context) => context.Options.Issuer!.AbsoluteUri;
}
