using System.Diagnostics;
using AuthServer.Hosting;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.SupportCodes;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Requests;

/// <summary>
/// The page that people see instead of an error response without a body. It keeps the method and status of the failed request. It uses
/// the database, which may be the cause of the error, only to find an app whose request the server has just looked for there.
/// </summary>
[IgnoreAntiforgeryToken]
[UnderImpersonation(TakesForms = true)]
internal sealed class ErrorModel(PageApps apps, KeptRequestCodes codes) : PageModel
{
    private bool isUsed;

    /// <summary>The app in which the user can start again.</summary>
    public PageApp? App { get; private set; }

    public string? Code { get; private set; }

    public string? Description { get; private set; }

    public string SupportCode { get; private set; } = "";

    public string TraceId => Activity.Current?.TraceId.ToHexString() ?? HttpContext.TraceIdentifier;

    public string Heading => (Code, Response.StatusCode) switch
    {
        (_, < 500) when HttpContext.Features.Get<RefusedWhileActing>() is not null => "ErrorActing",
        (_, < 500) when isUsed => "ErrorUsed",
        (not null, < 500) => "ErrorOfApp",
        (_, StatusCodes.Status404NotFound) => "ErrorNotFound",
        (_, StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) => "ErrorBusy",
        (_, >= 500) => "ErrorOurs",
        _ => "ErrorRequest",
    };

    /// <summary>True if an app asked for a sign-out with an invalid request. The user still wants to sign out.</summary>
    public bool IsSignOut { get; private set; }

    public string Advice => Heading + "Advice";

    private string Reason => Heading switch
    {
        "ErrorActing" => SupportReasons.Acting,
        "ErrorUsed" => SupportReasons.RequestOver,
        "ErrorNotFound" => SupportReasons.NotFound,
        "ErrorBusy" => SupportReasons.Busy,
        "ErrorOurs" => SupportReasons.Failed,
        _ => Code ?? SupportReasons.BadRequest,
    };

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        // The browser has opened /error itself, where there is nothing.
        if (Response.StatusCode is StatusCodes.Status200OK)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
        }

        if (HttpContext.GetOpenIddictServerResponse() is { Error: { Length: > 0 } code } refusal)
        {
            (Code, Description) = (code, refusal.ErrorDescription);
        }

        IsSignOut = Code is not null
            && HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath is { } path
            && new PathString(path).IsUnder(Paths.EndSession);

        // An authorization request is kept until it is answered, at most an hour. The back button can lead to one that is gone.
        var over = HttpContext.Features.Get<RequestIsOver>();
        isUsed = over is not null
            || (Code is Errors.InvalidRequestUri or Errors.InvalidToken
                && HttpContext.GetOpenIddictServerRequest() is { RequestUri.Length: > 0 });
        App = over is not null ? over.App
            : isUsed ? await apps.FindAsync(HttpContext.GetOpenIddictServerRequest()?.ClientId, HttpContext.RequestAborted) : null;
        PagePolicy.Set(Response, App);
        await AddStepAsync();
        await next();
    }

    private async Task AddStepAsync()
    {
        var steps = RequestSteps.Of(HttpContext);

        // If a page has found that its request is over, it has named the code already.
        if (isUsed && HttpContext.GetOpenIddictServerRequest()?.RequestUri is { } requestUri)
        {
            steps.Follow(await codes.OfAsync(requestUri, HttpContext.RequestAborted));
        }

        steps.Add(SupportSteps.ErrorShown, Reason, ErrorWords.Of(Description), client: LoggedClientId.Of(HttpContext));
        SupportCode = SupportCodes.SupportCode.Show(steps.Code);
    }
}
