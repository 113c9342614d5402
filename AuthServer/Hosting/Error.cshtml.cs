using System.Diagnostics;
using AuthServer.Account;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Hosting;

/// <summary>
/// Shown in place of any answer without a body where people look: the failed request's method and status are kept. Asks no
/// database, which may be what has failed.
/// </summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    public string? Code { get; private set; }

    public string? Description { get; private set; }

    public string TraceId => Activity.Current?.TraceId.ToHexString() ?? HttpContext.TraceIdentifier;

    public string Heading => (Code, Response.StatusCode) switch
    {
        (not null, < 500) => "ErrorOfApp",
        (_, StatusCodes.Status404NotFound) => "ErrorNotFound",
        (_, StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) => "ErrorBusy",
        (_, >= 500) => "ErrorOurs",
        _ => "ErrorRequest",
    };

    public string Advice => Heading + "Advice";

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // Asked for by its own address: there is nothing here.
        if (Response.StatusCode is StatusCodes.Status200OK)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
        }

        if (HttpContext.GetOpenIddictServerResponse() is { Error: { Length: > 0 } code } refusal)
        {
            (Code, Description) = (code, refusal.ErrorDescription);
        }

        PagePolicy.Set(Response, app: null);
    }
}
