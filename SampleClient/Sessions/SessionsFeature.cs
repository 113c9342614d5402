using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using SampleClient.App;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SampleClient.Sessions;

/// <summary>
/// Who is signed in. The cookie names a session and a person; tokens, drafts and the rest are in the
/// <see cref="SessionStore"/>, and nothing in the browser is worth stealing longer than the session lives.
/// </summary>
internal static class SessionsFeature
{
    /// <summary>The issuer's name for its session, and the cookie's for the one of this app.</summary>
    public const string SessionId = "sid";

    private const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionStore>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SessionStart>();
        services.AddAuthorization();
        services.AddAuthentication(Scheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<IOptions<AppOptions>>((options, app) =>
        {
            options.Cookie.Name = $"{app.Value.Name}.Session";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.HttpOnly = true;
            options.ExpireTimeSpan = SessionStore.Lifetime;
            options.LoginPath = "/account/signin";
            options.ReturnUrlParameter = "returnUrl";
            options.Events.OnValidatePrincipal = FindSession;
            options.Events.OnRedirectToLogin = AskToSignIn;
        });
    }

    public static void UseSessions(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>The session of the cookie that came with this request.</summary>
    public static Session? Session(this HttpContext context) => context.Features.Get<Session>();

    public static Task SignInAsync(this HttpContext context, Session session)
        // The subject, so that a form left open in another tab is still this person's after signing in anew.
        => context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(Claims.Subject, session.Subject), new Claim(SessionId, session.Id)], Scheme)));

    // Who follows a link into the app is taken to the sign-in, and often through it. Who comes to the front door is told where they are.
    private static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(context.Request.Path == "/" ? "/account/start" : context.RedirectUri);
        return Task.CompletedTask;
    }

    private static Task FindSession(CookieValidatePrincipalContext context)
    {
        var store = context.HttpContext.RequestServices.GetRequiredService<SessionStore>();
        if (context.Principal?.FindFirstValue(SessionId) is { } id && store.Find(id) is { } session)
        {
            context.HttpContext.Features.Set(session);
        }
        else
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }
}
