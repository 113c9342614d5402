using OpenIddict.Abstractions;

namespace ResourceApi.Bearer;

/// <summary>The scope that an endpoint requires. It is endpoint metadata, so that the challenge can name it (RFC 6750 3).</summary>
internal sealed record RequiredScope(string Name);

internal static class RequiredScopeExtensions
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .RequireAuthorization(policy => policy.RequireAssertion(context => context.User.HasScope(scope)))
            .WithMetadata(new RequiredScope(scope));
}
