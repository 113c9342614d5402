using AuthServer.Connect;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Compatibility;

/// <summary>
/// Owns the endpoints of djangorestframework-jwt, for apps that cannot be changed yet: their requests and answers, over
/// this issuer's own sign-ins and access tokens. Off, and then not mapped, until <see cref="CompatibilityOptions"/> names
/// the app that they act for.
/// Routes: <c>/api-token-auth/</c>, <c>/api-token-refresh/</c>, <c>/api-token-verify/</c>, each without the slash too.
/// Leaves to Connect: passwords, throttling, what a token holds. Not in discovery, which has no name for them.
/// </summary>
internal static class CompatibilityFeature
{
    public static void AddCompatibility(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CompatibilityOptions>, CompatibilityOptionsValidator>();
        services.AddSettings<CompatibilityOptions>(CompatibilityOptions.Section);
        services.AddScoped<ActingClient>();
        services.AddScoped<TokenCheck>();
        services.AddScoped<AccessTokenRefresh>();
        services.AddHostedService<ActingClientCheck>();
    }

    /// <summary>Adds the services that only a server needs. A command of the command line runs without them.</summary>
    public static void AddCompatibilityServer(this IServiceCollection services) =>
        services.AddOpenIddict().AddServer(server => server.On<ApplyTokenResponseContext>()
            .Before<ShapeTokenAnswer>(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor));

    /// <summary>Before all that may refuse a request, so that each refusal has the form these apps know.</summary>
    public static void UseCompatibility(this WebApplication app)
    {
        if (!IsOn(app))
        {
            return;
        }

        app.Use((context, next) =>
        {
            if (context.Request.Path.IsDjangoRestFrameworkJwt())
            {
                context.Features.Set(Refusal.Form);
            }

            return next(context);
        });
    }

    public static void MapCompatibility(this WebApplication app)
    {
        if (!IsOn(app))
        {
            return;
        }

        // Every method, because routing's own 405 has no body.
        var routes = app.MapGroup("").AddEndpointFilter(TakePostOnlyAsync);
        routes.Map("/api-token-auth", ObtainEndpoint.HandleAsync);
        routes.Map("/api-token-refresh", RefreshEndpoint.HandleAsync);
        routes.Map("/api-token-verify", VerifyEndpoint.HandleAsync);
    }

    // Not through the options: faults in them are told at start, all together, and this comes before.
    private static bool IsOn(WebApplication app) => app.Configuration[CompatibilityOptions.Key] is { Length: > 0 };

    private static async ValueTask<object?> TakePostOnlyAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return await next(invocation);
        }

        context.Response.Headers.Allow = HttpMethods.Post;
        return Refusal.OfRequest(StatusCodes.Status405MethodNotAllowed, $"Method \"{context.Request.Method}\" not allowed.");
    }
}
