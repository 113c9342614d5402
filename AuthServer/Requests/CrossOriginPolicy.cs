using AuthServer.Clients;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Requests;

/// <summary>
/// Which scripts may read an answer: those of any origin the metadata and keys, those of a registered app's origins
/// what tokens come from. Never with cookies: the token endpoints take none.
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

    // By a predicate, for the framework then says Vary: Origin; for a list of one it does not.
    private static CorsPolicy ForApp(string origin) => new CorsPolicyBuilder()
        .SetIsOriginAllowed(candidate => candidate == origin)
        .WithMethods(HttpMethods.Get, HttpMethods.Post)
        .WithHeaders(HeaderNames.Accept, HeaderNames.Authorization, HeaderNames.ContentType)
        .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
        .Build();
}
