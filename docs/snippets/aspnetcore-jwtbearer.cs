#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:package Microsoft.AspNetCore.Authentication.JwtBearer@10.0.14

// An API that trusts the issuer, by ASP.NET Core's own handler. Run it: dotnet run aspnetcore-jwtbearer.cs
using Microsoft.AspNetCore.Authentication.JwtBearer;

// The first token of a new key waits until the keys have been fetched again. Without this they are fetched beside it, and it is refused.
AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true);

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
{
    bearer.Authority = builder.Configuration["Issuer"] ?? "http://localhost:8400/";
    bearer.Audience = builder.Configuration["Audience"] ?? "http://localhost:8410";
    bearer.RequireHttpsMetadata = !new Uri(bearer.Authority).IsLoopback;
    bearer.RefreshInterval = TimeSpan.FromSeconds(1); // at most so often; the default of 5 minutes is spent by any token with a bad signature
    bearer.MapInboundClaims = false; // the claims keep their names: sub, role, scope
    bearer.TokenValidationParameters.ValidTypes = ["at+jwt"]; // an ID token is no access token (RFC 9068 4)
    bearer.TokenValidationParameters.ValidAlgorithms = ["ES256"];
    bearer.TokenValidationParameters.NameClaimType = "name";
    bearer.TokenValidationParameters.RoleClaimType = "role";
});
builder.Services.AddAuthorizationBuilder()
    // One claim with all scopes, separated by spaces: RequireClaim("scope", ...) would compare the whole.
    .AddPolicy("notes.read", policy => policy.RequireAssertion(context =>
        context.User.FindFirst("scope")?.Value.Split(' ').Contains("notes.read") is true));

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/notes", (HttpContext context) => new { Subject = context.User.FindFirst("sub")?.Value }).RequireAuthorization("notes.read");
app.Run();
