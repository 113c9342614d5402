using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Stock;

/// <summary>The client, scope and user of the benchmark.</summary>
internal static class Seed
{
    public const string Scope = "bench";

    public static async Task ApplyAsync(IServiceProvider provider)
    {
        await using var scope = provider.CreateAsyncScope();
        var services = scope.ServiceProvider;
        if (!await services.GetRequiredService<StockDbContext>().Database.EnsureCreatedAsync())
        {
            return;
        }

        await services.GetRequiredService<IOpenIddictScopeManager>().CreateAsync(
            new OpenIddictScopeDescriptor { Name = Scope, Resources = { "https://bench.example" } });
        await services.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = "bench",
            ClientSecret = "a secret of the benchmark, 32 characters or more",
            Permissions =
            {
                Permissions.Endpoints.Token, Permissions.Endpoints.Introspection,
                Permissions.GrantTypes.Password, Permissions.GrantTypes.RefreshToken, Permissions.GrantTypes.ClientCredentials,
                Permissions.Prefixes.Scope + Scope,
            },
        });
        await services.GetRequiredService<UserManager<IdentityUser>>().CreateAsync(
            new IdentityUser("alice") { Email = "alice@example.test" }, "Measured-by-the-bench-1");
    }
}
