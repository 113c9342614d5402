using AuthServer.Connect;
using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Compatibility;

/// <summary>
/// Owns the endpoints of djangorestframework-jwt, for apps that cannot be changed yet. Requests and responses have that library's form;
/// the sign-ins and access tokens are this issuer's own. The endpoints are mapped only if <see cref="CompatibilityOptions"/> names
/// the client that they act for.
/// Routes: <c>/api-token-auth/</c>, <c>/api-token-refresh/</c>, <c>/api-token-verify/</c>, each also without the final slash.
/// Leaves to Connect: the password grant and the content of tokens. Discovery does not list these endpoints, because it has no names for
/// them.
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
            .Before<ShapeTokenAnswer>(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor)); // /api-token-… only

    /// <summary>Must run before everything that may refuse a request, so that every refusal has the form that these apps know.</summary>
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

        // All methods are mapped, because routing's own 405 has no body.
        var routes = app.MapGroup("").AddEndpointFilter(TakePostOnlyAsync);
        routes.Map("/api-token-auth", ObtainEndpoint.HandleAsync);
        routes.Map("/api-token-refresh", RefreshEndpoint.HandleAsync);
        routes.Map("/api-token-verify", VerifyEndpoint.HandleAsync);
    }

    // Not read from the options: this runs before the start reports all invalid options together.
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
