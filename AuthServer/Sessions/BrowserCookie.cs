using AuthServer.Protocol;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>The cookie that ties a browser to its session.</summary>
internal sealed class BrowserCookie(IOptions<ConnectOptions> connect) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string Scheme = "Browser";
    public static readonly string SignInPath = Paths.SignIn;
    public const string ReturnUrl = "returnUrl";

    /// <summary>
    /// Contains the program's name, because all ports of localhost share cookies. <c>__Host-</c> (RFC 6265bis 4.1.3.2) needs https.
    /// </summary>
    public static string NameOf(string purpose, ConnectOptions connect) =>
        (IsSecure(connect) ? "__Host-" : "") + "AuthServer." + purpose;

    public static CookieSecurePolicy PolicyOf(ConnectOptions connect) =>
        IsSecure(connect) ? CookieSecurePolicy.Always : CookieSecurePolicy.None;

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name is not Scheme)
        {
            return;
        }

        options.Cookie.Name = NameOf("Session", connect.Value);
        options.Cookie.SecurePolicy = PolicyOf(connect.Value);
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;

        // An app's redirect to the authorize endpoint comes from another site.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.LoginPath = SignInPath;
        options.AccessDeniedPath = SignInPath;
        options.ReturnUrlParameter = ReturnUrl;
        options.SlidingExpiration = false;

        // The sign-in page itself decides where it leads to.
        options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
        options.Events.OnValidatePrincipal = cookie =>
            cookie.HttpContext.RequestServices.GetRequiredService<BrowserSessions>().ValidateAsync(cookie);
    }

    public void Configure(CookieAuthenticationOptions options) => Configure(Options.DefaultName, options);

    // Only an issuer on loopback can be http.
    private static bool IsSecure(ConnectOptions connect) => connect.IssuerUri.Scheme == Uri.UriSchemeHttps;
}
