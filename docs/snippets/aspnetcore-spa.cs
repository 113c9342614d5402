#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:package Microsoft.AspNetCore.Authentication.OpenIdConnect@10.0.14

// A single-page app and the small server behind it, which keeps the tokens and calls the API. Run it: dotnet run aspnetcore-spa.cs
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

var builder = WebApplication.CreateBuilder(args);
var api = new HttpClient { BaseAddress = new Uri(builder.Configuration["Api"] ?? "http://localhost:8410") };

builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
    .AddCookie(cookie =>
    {
        cookie.Cookie.Name = "__Host-Spa"; // only over https (or http://localhost), only from this host
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Events.OnRedirectToLogin = context => Task.FromResult(context.Response.StatusCode = 401); // a fetch cannot follow a redirect to a sign-in page
        cookie.Events.OnValidatePrincipal = RefreshAsync;
    })
    .AddOpenIdConnect(oidc =>
    {
        oidc.Authority = builder.Configuration["Issuer"] ?? "http://localhost:8400/";
        oidc.ClientId = "snippet-spa";
        oidc.ClientSecret = builder.Configuration["Secret"] ?? "snippet-spa-demo-secret";
        oidc.RequireHttpsMetadata = !new Uri(oidc.Authority).IsLoopback;
        oidc.ResponseType = "code";
        oidc.ResponseMode = "query";
        oidc.CorrelationCookie.SameSite = oidc.NonceCookie.SameSite = SameSiteMode.Lax;
        oidc.SaveTokens = true; // in the cookie, encrypted by the server
        oidc.MapInboundClaims = false;
        oidc.Scope.Add("offline_access");
        oidc.Scope.Add("notes.read");
        oidc.Scope.Add("notes.write");
        oidc.TokenValidationParameters.NameClaimType = "name";
    });
builder.Services.AddAuthorization();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/", (HttpContext context) =>
{
    context.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
    return Results.Content("<!doctype html><title>Notes</title><p id=who></p><ul id=notes></ul><script type=module src=/app.js></script>", "text/html");
});
app.MapGet("/app.js", () => Results.Content("""
    const call = (path, options) => fetch('/bff/' + path, { headers: { 'X-CSRF': '1' }, ...options });
    const link = (text, href) => Object.assign(document.createElement('a'), { textContent: text, href });
    const user = await call('user');
    who.append(...user.ok ? [(await user.json()).name, ' ', link('Sign out', '/bff/signout')] : [link('Sign in', '/bff/signin')]);
    if (user.ok) for (const note of await (await call('api/notes')).json())
      notes.append(Object.assign(document.createElement('li'), { textContent: note.title }));
    """, "text/javascript"));

// To these the browser goes, the page does not call them.
app.MapGet("/bff/signin", () => Results.Challenge(new() { RedirectUri = "/" }, [OpenIdConnectDefaults.AuthenticationScheme]));
app.MapGet("/bff/signout", () => Results.SignOut(new() { RedirectUri = "/" }, [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]))
    .RequireAuthorization(); // another site's link comes without the cookie

// To send a header of its own another site would have to be let in by CORS, and nobody is.
var bff = app.MapGroup("/bff").RequireAuthorization().AddEndpointFilter(async (context, next) =>
    context.HttpContext.Request.Headers.ContainsKey("X-CSRF") ? await next(context) : Results.StatusCode(400));
bff.MapGet("/user", (HttpContext context) => new { Sub = context.User.FindFirst("sub")!.Value, context.User.Identity!.Name });
bff.MapMethods("/api/notes", ["GET", "POST"], async (HttpContext context) =>
{
    using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), "/api/notes");
    request.Headers.Authorization = new("Bearer", await context.GetTokenAsync("access_token"));
    if (context.Request.ContentType is { } type)
    {
        request.Content = new StreamContent(context.Request.Body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
    }

    using var answer = await TryAsync(api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted));
    context.Response.StatusCode = (int)answer.StatusCode;
    context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
    await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
});
app.Run();

// Who is away is as one whose proxy says so.
static async Task<HttpResponseMessage> TryAsync(Task<HttpResponseMessage> call)
{
    try { return await call; }
    catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException) { return new(HttpStatusCode.BadGateway); }
}

// Before each request. Two at once may send the same refresh token: the issuer gives both the same next one.
static async Task RefreshAsync(CookieValidatePrincipalContext context)
{
    var expires = DateTimeOffset.Parse(context.Properties.GetTokenValue("expires_at")!, CultureInfo.InvariantCulture);
    if (expires > DateTimeOffset.UtcNow.AddSeconds(30) || context.Properties.GetTokenValue("refresh_token") is not { } refreshToken)
    {
        return;
    }

    var oidc = context.HttpContext.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<OpenIdConnectOptions>>().Get(OpenIdConnectDefaults.AuthenticationScheme);
    var issuer = await oidc.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
    using var form = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refreshToken), new("client_id", oidc.ClientId), new("client_secret", oidc.ClientSecret)]);
    using var answer = await TryAsync(oidc.Backchannel.PostAsync(issuer.TokenEndpoint, form, context.HttpContext.RequestAborted));
    if (answer.StatusCode is HttpStatusCode.BadRequest) // the sign-in has ended
    {
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
    else if (answer.IsSuccessStatusCode) // else the issuer is away, and the next request tries again
    {
        var tokens = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync());
        context.Properties.UpdateTokenValue("access_token", tokens.AccessToken);
        context.Properties.UpdateTokenValue("refresh_token", tokens.RefreshToken ?? refreshToken);
        context.Properties.UpdateTokenValue("expires_at", DateTimeOffset.UtcNow.AddSeconds(int.Parse(tokens.ExpiresIn, CultureInfo.InvariantCulture)).ToString("o", CultureInfo.InvariantCulture));
        context.ShouldRenew = true;
    }
}
