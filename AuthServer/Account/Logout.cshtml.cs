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
/// Signing out of all apps of this browser, after a question: a link alone must not be able to. Afterwards the page tells
/// the apps that want to be told by the browser, and goes on.
/// </summary>
internal sealed class LogoutModel(BrowserSessions browsers, RememberedBrowsers remembered, FrontChannel frontChannel, IOptions<ConnectOptions> connect) : AccountPage
{
    // No script sees the frames load; a page that does little has by then.
    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(3);

    /// <summary>Whether a code is asked in this browser again from now on.</summary>
    [BindProperty]
    public bool Forget { get; set; }

    /// <summary>Whether there is something to forget.</summary>
    public bool IsRemembered => remembered.ThisOne(HttpContext) is not null;

    public BrowserSession? Present { get; private set; }

    /// <summary>Addresses of apps.</summary>
    public IReadOnlyList<string> Frames { get; private set; } = [];

    /// <summary>Where the page leads to by itself; null for nowhere.</summary>
    public string? Next { get; private set; }

    /// <summary>The person can sign out all the same.</summary>
    protected override IActionResult? LeaveRequest() => null;

    protected override Task<PageApp?> FindAppAsync(PageApps apps) => apps.FindAsync(Request.Query[Parameters.ClientId], HttpContext.RequestAborted);

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
            // A header is of ASCII alone.
            Next = new Uri(connect.Value.IssuerUri, ended.Next).AbsoluteUri;
            Response.Headers["Refresh"] = string.Create(CultureInfo.InvariantCulture, $"{FrameTime.TotalSeconds}; url={Next}");
        }
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var present = await BrowserSessions.FindAsync(HttpContext);
        if (Forget && present is not null)
        {
            await remembered.ForgetThisAsync(HttpContext, present.User.Id);
        }

        await browsers.SignOutAsync(HttpContext);

        // To the end session endpoint, which leads on to the app; or to this page, which says that it is done.
        var next = await IsRequestOverAsync() ? null : Local;
        var page = present is null ? null : await frontChannel.PageOfAsync(present.Session.Id, next, cancellationToken);
        return LocalRedirect(page ?? next ?? Paths.SignOut);
    }
}
