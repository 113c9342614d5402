using AuthServer.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace AuthServer.Requests;

/// <summary>
/// Names the route of a request in the metrics where OpenIddict answers before routing could: introspection, revocation, pushed requests,
/// devices, discovery. Only these names, never the path of the request.
/// </summary>
internal sealed class RouteTags(RequestDelegate next)
{
    private static readonly Dictionary<string, object?> Routes = new PathString[]
    {
        Paths.Introspection, Paths.Revocation, Paths.PushedAuthorization, Paths.DeviceAuthorization,
        Paths.WellKnown + "/openid-configuration", Paths.WellKnown + "/oauth-authorization-server", Paths.WellKnown + "/jwks",
    }.ToDictionary(path => path.Value!, path => (object?)path.Value, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics
            && context.GetEndpoint() is null
            && Routes.TryGetValue(context.Request.Path.Value?.TrimEnd('/') ?? "", out var route))
        {
            metrics.Tags.Add(new("http.route", route));
        }

        return next(context);
    }
}
