using AuthServer.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace AuthServer.Requests;

/// <summary>
/// Refuses, before a page sees it, what no page of this server sends: another method, what is no form, a form that cannot be read or is far
/// too large. Passes the form on, read. What <see cref="ProtocolErrors"/> is to the protocol.
/// </summary>
internal sealed class PageRequests(RequestDelegate next)
{
    // The longest value is what a passkey answers.
    private static readonly FormOptions Limits = new() { ValueCountLimit = 100, KeyLengthLimit = 100, ValueLengthLimit = 64 * 1024 };

    public async Task InvokeAsync(HttpContext context)
    {
        // A page that is shown in place of an answer has been through here.
        if (!context.Request.Path.IsUnder(Paths.Connect) && context.Request.Path.IsPage() && context.Response.StatusCode is StatusCodes.Status200OK
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
            // Not form-encoded, too much of it, or in a charset that nobody uses.
            return StatusCodes.Status400BadRequest;
        }
    }
}
