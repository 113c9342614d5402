using AuthServer.Protocol;
using Microsoft.Net.Http.Headers;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Requests;

/// <summary>
/// RFC 9110 9: answers HEAD like GET, OPTIONS with the allowed methods, and a method that is not allowed with 405 and the allowed methods.
/// This holds for the protocol, health checks and pages. Their own code sees only GET and POST.
/// </summary>
internal sealed class RequestMethods(RequestDelegate next)
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];
    private static readonly string[] ReadAndWrite = [.. Read, .. Write];

    // RFC 6749 3.2, RFC 7662 2.1, RFC 7009 2.1, RFC 9126 2.1, RFC 8628 3.1
    private static readonly PathString[] PostOnly =
        [Paths.Token, Paths.Introspection, Paths.Revocation, Paths.PushedAuthorization, Paths.DeviceAuthorization];

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (MethodsOf(request.Path) is not { } methods || IsPreflight(request))
        {
            await next(context);
        }
        else if (HttpMethods.IsOptions(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = Allow(methods);
        }
        else if (!methods.Contains(request.Method, StringComparer.OrdinalIgnoreCase))
        {
            context.Response.Headers.Allow = Allow(methods);
            var problem = methods == Write ? "The request must be a POST." : $"The method must be one of {string.Join(", ", methods)}.";
            await RefusedRequest.AnswerAsync(
                context, new OAuthError(Errors.InvalidRequest, problem, StatusCodes.Status405MethodNotAllowed));
        }
        else
        {
            await PassAsync(context);
        }
    }

    // Kestrel itself omits the body of a response to HEAD. The method is restored for the log.
    private async Task PassAsync(HttpContext context)
    {
        var method = context.Request.Method;
        context.Request.Method = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = method;
        }
    }

    private static string[]? MethodsOf(PathString path) =>
        path.IsUnderAny(PostOnly) ? Write
        : path.IsUnder(Paths.WellKnown) || path.IsUnder(HealthFeature.Path) ? Read
        : path.IsUnder(Paths.UserInfo) || path.IsPage() ? ReadAndWrite
        : null;

    private static string Allow(string[] methods) => string.Join(", ", [.. methods, HttpMethods.Options]);

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);
}
