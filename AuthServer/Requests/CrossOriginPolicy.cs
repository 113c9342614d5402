using AuthServer.Clients;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Requests;

/// <summary>
/// Decides which scripts may read a response. Any origin may read metadata and keys; only registered origins may read the responses of the
/// endpoints that issue or take tokens. Cookies are never allowed, because these endpoints use none.
/// </summary>
internal sealed class CrossOriginPolicy(ClientOrigins origins) : ICorsPolicyProvider
{
    private static readonly PathString[] ForApps = [Paths.Token, Paths.Revocation, Paths.UserInfo, .. Paths.DjangoRestFrameworkJwt];

    private static readonly CorsPolicy ForEverybody = new CorsPolicyBuilder()
        .AllowAnyOrigin()
        .WithMethods(HttpMethods.Get)
        .AllowAnyHeader()
        .SetPreflightMaxAge(TimeSpan.FromDays(1))
        .Build();

    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        var path = context.Request.Path;
        if (path.IsUnder(Paths.WellKnown))
        {
            return ForEverybody;
        }

        var origin = context.Request.Headers.Origin.ToString();
        return path.IsUnderAny(ForApps) && await origins.ContainsAsync(origin, context.RequestAborted)
            ? ForApp(origin)
            : null;
    }

    // A predicate, because the framework then adds Vary: Origin. For a list of one origin it does not.
    private static CorsPolicy ForApp(string origin) => new CorsPolicyBuilder()
        .SetIsOriginAllowed(candidate => candidate == origin)
        .WithMethods(HttpMethods.Get, HttpMethods.Post)
        .WithHeaders(HeaderNames.Accept, HeaderNames.Authorization, HeaderNames.ContentType)
        .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
        .Build();
}
