using System.Diagnostics;
using AuthServer.Pages;
using AuthServer.Protocol;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Requests;

/// <summary>
/// Shown in place of any answer without a body where people look: the failed request's method and status are kept. Asks the
/// database, which may be what has failed, only about an app whose request it has just looked for.
/// </summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel(PageApps apps) : PageModel
{
    private bool isUsed;

    /// <summary>Where to begin anew.</summary>
    public PageApp? App { get; private set; }

    public string? Code { get; private set; }

    public string? Description { get; private set; }

    public string TraceId => Activity.Current?.TraceId.ToHexString() ?? HttpContext.TraceIdentifier;

    public string Heading => (Code, Response.StatusCode) switch
    {
        (_, < 500) when isUsed => "ErrorUsed",
        (not null, < 500) => "ErrorOfApp",
        (_, StatusCodes.Status404NotFound) => "ErrorNotFound",
        (_, StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) => "ErrorBusy",
        (_, >= 500) => "ErrorOurs",
        _ => "ErrorRequest",
    };

    /// <summary>An app asked for a sign-out by a wrong request: the person wanted to sign out all the same.</summary>
    public bool IsSignOut { get; private set; }

    public string Advice => Heading + "Advice";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
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

        IsSignOut = Code is not null && HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath is { } path && new PathString(path).IsUnder(Paths.EndSession);

        // A request is kept until it is answered, and for an hour: the back button leads to one that is gone.
        var over = HttpContext.Features.Get<RequestIsOver>();
        isUsed = over is not null || (Code is Errors.InvalidRequestUri or Errors.InvalidToken && HttpContext.GetOpenIddictServerRequest() is { RequestUri.Length: > 0 });
        App = over is not null ? over.App
            : isUsed ? await apps.FindAsync(HttpContext.GetOpenIddictServerRequest()?.ClientId, HttpContext.RequestAborted) : null;
        PagePolicy.Set(Response, App);
        await next();
    }
}
