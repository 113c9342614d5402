using AuthServer.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace AuthServer.Requests;

/// <summary>
/// Refuses requests that no page of this server sends, before a page sees them: another method, a body that is not a form, a form that
/// cannot be read or is far too large. Reads the form for the page. <see cref="ProtocolErrors"/> does the same for the protocol.
/// </summary>
internal sealed class PageRequests(RequestDelegate next)
{
    // The longest value is the response of a passkey.
    private static readonly FormOptions Limits = new() { ValueCountLimit = 100, KeyLengthLimit = 100, ValueLengthLimit = 64 * 1024 };

    public async Task InvokeAsync(HttpContext context)
    {
        // If the status is another one, the error page is being shown, and the request has already been checked here.
        if (!context.Request.Path.IsUnder(Paths.Connect)
            && context.Request.Path.IsPage()
            && context.Response.StatusCode is StatusCodes.Status200OK
                && await RefusalOfAsync(context) is { } status)
        {
            context.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty));
            context.Response.StatusCode = status;
            return;
        }

        await next(context);
    }

    private static async Task<int?> RefusalOfAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD, POST";
            return StatusCodes.Status405MethodNotAllowed;
        }

        if (!request.HasFormContentType)
        {
            return HttpMethods.IsPost(request.Method) ? StatusCodes.Status415UnsupportedMediaType : null;
        }

        try
        {
            context.Features.Set<IFormFeature>(new FormFeature(request, Limits));
            await request.ReadFormAsync(context.RequestAborted);
            return null;
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode;
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
        {
            // The form is malformed, exceeds the limits, or has an unsupported charset.
            return StatusCodes.Status400BadRequest;
        }
    }
}
