using System.Globalization;
using AuthServer.Logout;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>
/// Signs out of all apps of this browser, after a question: a link alone must not sign anybody out. Afterwards the page loads the
/// front-channel logout addresses of the apps, and then leads on.
/// </summary>
[UnderImpersonation(TakesForms = true)]
internal sealed class LogoutModel(
    BrowserSessions browsers, RememberedBrowsers remembered, FrontChannel frontChannel, IOptions<ConnectOptions> connect) : AccountPage
{
    // No script waits for the frames. An app's logout page is small and loads within this time.
    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(3);

    /// <summary>True if this browser is to be asked for a code again from now on.</summary>
    [BindProperty]
    public bool Forget { get; set; }

    /// <summary>True if this browser is remembered, so that no code is asked for.</summary>
    public bool IsRemembered => Present?.Impersonator is null && remembered.ThisOne(HttpContext) is not null;

    public BrowserSession? Present { get; private set; }

    /// <summary>Front-channel logout addresses of apps.</summary>
    public IReadOnlyList<string> Frames { get; private set; } = [];

    /// <summary>Where the page leads on by itself; null if it stays.</summary>
    public string? Next { get; private set; }

    /// <summary>A person can sign out even if the app's request can no longer be answered.</summary>
    protected override IActionResult? LeaveRequest() => null;

    protected override Task<PageApp?> FindAppAsync(PageApps apps) =>
        apps.FindAsync(Request.Query[Parameters.ClientId], HttpContext.RequestAborted);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Present = await BrowserSessions.FindAsync(HttpContext);
        if (Present is not null || frontChannel.Read(Request.Query[FrontChannel.Parameter]) is not { } ended)
        {
            return;
        }

        Frames = await frontChannel.AddressesAsync(ended.Session, cancellationToken);
        PagePolicy.AllowFrames(Response, Frames);
        if (ended.Next is not null)
        {
            // As an escaped URI, because a header is ASCII.
            Next = new Uri(connect.Value.IssuerUri, ended.Next).AbsoluteUri;
            Response.Headers["Refresh"] = string.Create(CultureInfo.InvariantCulture, $"{FrameTime.TotalSeconds}; url={Next}");
        }
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var present = await BrowserSessions.FindAsync(HttpContext);
        if (Forget && present is { Impersonator: null })
        {
            await remembered.ForgetThisAsync(HttpContext, present.User.Id);
        }

        await browsers.SignOutAsync(HttpContext);

        // Next comes the end session endpoint, which redirects to the app, or this page, which says that the person is signed out.
        var next = await IsRequestOverAsync() ? null : Local;
        var page = present is null ? null : await frontChannel.PageOfAsync(present.Session.Id, next, cancellationToken);
        return LocalRedirect(page ?? next ?? Paths.SignOut);
    }
}
