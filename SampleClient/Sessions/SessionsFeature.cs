using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using SampleClient.App;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SampleClient.Sessions;

/// <summary>
/// Finds the session of a request. The cookie names only a session and a user; tokens, drafts and the rest are in the
/// <see cref="SessionStore"/>. So a stolen cookie is worthless once the session has ended. Account/ has the pages that sign users
/// in and out.
/// </summary>
internal static class SessionsFeature
{
    /// <summary>In a token this claim names the issuer's session; in the cookie, the session of this app.</summary>
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

    /// <summary>The session that the cookie of this request names.</summary>
    public static Session? Session(this HttpContext context) => context.Features.Get<Session>();

    // Antiforgery binds forms to the subject. So a form left open in another tab stays valid after the same user signs in again.
    public static Task SignInAsync(this HttpContext context, Session session) =>
        context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(Claims.Subject, session.Subject), new Claim(SessionId, session.Id)], Scheme)));

    // A user who follows a link into the app goes to the sign-in, often without having to type anything. The front page explains
    // where the user is.
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
