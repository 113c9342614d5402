#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:package Microsoft.AspNetCore.Authentication.OpenIdConnect@10.0.14

// A web app that signs in at the issuer, by ASP.NET Core's own handler. Run it: dotnet run aspnetcore-webapp.cs
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication(options =>
    {
        options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
    })
    .AddCookie()
    .AddOpenIdConnect(oidc =>
    {
        oidc.Authority = builder.Configuration["Issuer"] ?? "http://localhost:8400/";
        oidc.ClientId = "snippet";
        oidc.ClientSecret = builder.Configuration["Secret"] ?? "snippet-demo-secret";
        oidc.RequireHttpsMetadata = !new Uri(oidc.Authority).IsLoopback;
        oidc.ResponseType = "code"; // with PKCE, and pushed (RFC 9126) where the issuer takes that
        oidc.ResponseMode = "query";
        oidc.CorrelationCookie.SameSite = oidc.NonceCookie.SameSite = SameSiteMode.Lax; // enough for a redirect, and good on http://localhost
        oidc.SaveTokens = true;
        oidc.MapInboundClaims = false; // the claims keep their names: sub, role, sid
        oidc.Scope.Add("offline_access");
        oidc.Scope.Add("notes.read");
        oidc.TokenValidationParameters.NameClaimType = "name";
        oidc.TokenValidationParameters.RoleClaimType = "role";
    });
builder.Services.AddAuthorization();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/", (HttpContext context) => $"Hello {context.User.Identity!.Name}").RequireAuthorization();
app.MapGet("/signout", () => Results.SignOut(null, [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]));
app.Run();
