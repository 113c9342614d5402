using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Stock;

// The baseline of the benchmark: an OpenIddict server with its grants set up as in OpenIddict's documentation, its own stores,
// Identity's password hash, RSA-2048 keys, and little logging. Settings: ConnectionStrings:Stock, Provider, Keys (a file,
// so that tokens outlive a restart).
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

builder.Services.AddDbContext<StockDbContext>(options =>
{
    var connectionString = builder.Configuration.GetConnectionString("Stock");
    _ = builder.Configuration["Provider"] is "Postgres" ? options.UseNpgsql(connectionString) : options.UseSqlite(connectionString);
    options.UseOpenIddict();
});
builder.Services.AddIdentity<IdentityUser, IdentityRole>().AddEntityFrameworkStores<StockDbContext>().AddDefaultTokenProviders();
builder.Services.AddOpenIddict()
    .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<StockDbContext>())
    .AddServer(server =>
    {
        server.SetTokenEndpointUris("connect/token").SetIntrospectionEndpointUris("connect/introspect");
        server.AllowPasswordFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow();
        server.RegisterScopes(Seed.Scope);
        var key = new RsaSecurityKey(KeyOf(builder.Configuration["Keys"]!));
        server.AddSigningKey(key).AddEncryptionKey(key);
        server.DisableAccessTokenEncryption();
        server.UseAspNetCore().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
    });

var app = builder.Build();
app.UseAuthentication();
app.MapGet("/health/ready", () => "Healthy");
app.MapPost("/connect/token", TokenEndpoint.HandleAsync);
await Seed.ApplyAsync(app.Services);
await app.RunAsync();

static RSA KeyOf(string path)
{
    var key = RSA.Create(2048);
    if (File.Exists(path))
    {
        key.ImportFromPem(File.ReadAllText(path));
    }
    else
    {
        File.WriteAllText(path, key.ExportRSAPrivateKeyPem());
    }

    return key;
}
