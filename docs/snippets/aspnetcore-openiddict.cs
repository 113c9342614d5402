#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:package OpenIddict.Validation.AspNetCore@7.8.0
#:package OpenIddict.Validation.SystemNetHttp@7.8.0

// An API that trusts the issuer, by OpenIddict's validation. Run it: dotnet run aspnetcore-openiddict.cs
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddOpenIddict().AddValidation(validation =>
{
    validation.SetIssuer(builder.Configuration["Issuer"] ?? "http://localhost:8400/");
    validation.AddAudiences(builder.Configuration["Audience"] ?? "http://localhost:8410");
    validation.UseSystemNetHttp(); // fetches discovery and keys
    validation.UseAspNetCore();
});
builder.Services.AddAuthentication(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
builder.Services.AddAuthorizationBuilder()
    .AddPolicy("notes.read", policy => policy.RequireAssertion(context => context.User.HasScope("notes.read")));

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/notes", (HttpContext context) => new { Subject = context.User.GetClaim("sub") }).RequireAuthorization("notes.read");
app.Run();
