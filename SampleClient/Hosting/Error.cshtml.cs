using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SampleClient.Hosting;

/// <summary>
/// Replaces every error response without a body. It runs with the method of the failed request, so it has no handler and no
/// antiforgery check.
/// </summary>
[AllowAnonymous, IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    // A browser has requested this page itself: there is nothing to show.
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (Response.StatusCode is StatusCodes.Status200OK)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    public string TraceId => Activity.Current?.TraceId.ToHexString() ?? HttpContext.TraceIdentifier;

    public string Heading => Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => "This form could not be read",
        StatusCodes.Status404NotFound => "There is no such page",
        >= 500 => "Something broke on our side",
        _ => "That did not work",
    };

    public string Advice => Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => "Perhaps it was opened before you signed in or out. Go back, reload the page and send it again.",
        StatusCodes.Status404NotFound => "The address may be mistyped, or the page has moved.",
        >= 500 => "It was not you. Try again; if it stays, tell whoever runs this app, with the trace id.",
        _ => "Go back and try again.",
    };
}
