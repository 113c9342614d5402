using System.Security.Cryptography;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Tests.Support;

/// <summary>The demo's apps, API and people, under the names of the documentation.</summary>
internal static class Seed
{
    public const string Api = "http://localhost:8410";
    public const string Orders = "orders";
    public const string OrdersSecret = "orders-demo-secret";

    /// <summary>Authenticates by private_key_jwt with <see cref="BillingKey"/>.</summary>
    public const string Billing = "billing";

    public static readonly ECDsa BillingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static async Task ApplyAsync(IServiceProvider root)
    {
        await using var scope = root.CreateAsyncScope();
        var services = scope.ServiceProvider;
        foreach (var name in new[] { "users.read", "notes.read", "notes.write" })
        {
            await services.GetRequiredService<IOpenIddictScopeManager>()
                .CreateAsync(new OpenIddictScopeDescriptor { Name = name, Resources = { Api } });
        }

        await services.GetRequiredService<IOpenIddictScopeManager>()
            .CreateAsync(new OpenIddictScopeDescriptor { Name = "reports.read", Resources = { "http://localhost:8499" } });

        string[] all = ["profile", "email", "roles", "users.read", "notes.read", "notes.write", "reports.read"];
        await AddAsync(Orders, OrdersSecret, [GrantTypes.Password, GrantTypes.RefreshToken], all);
        await AddAsync("reports", "reports-demo-secret", [GrantTypes.Password, GrantTypes.RefreshToken], ["profile", "email", "notes.read", "users.read"]);
        await AddAsync("terminal", null, [GrantTypes.Password, GrantTypes.RefreshToken], all);
        await AddAsync("nightly-job", "nightly-job-demo-secret", [GrantTypes.ClientCredentials], ["notes.read"]);

        await AddAsync(Billing, null, [GrantTypes.ClientCredentials], ["notes.read"], BillingKey);

        var users = services.GetRequiredService<UserManager<User>>();
        await services.GetRequiredService<RoleManager<Role>>().CreateAsync(new Role { Name = "admin" });
        foreach (var name in new[] { "alice", "bob", "ada" })
        {
            var user = new User { UserName = name, Email = $"{name}@example.test", EmailConfirmed = true };
            Assert.True((await users.CreateAsync(user, $"correct-horse-{name}")).Succeeded);
            if (name is "ada")
            {
                await users.AddToRoleAsync(user, "admin");
            }
        }

        async Task AddAsync(string id, string? secret, string[] grants, string[] scopes, ECDsa? key = null)
        {
            var client = new OpenIddictApplicationDescriptor
            {
                ClientId = id,
                ClientSecret = secret,
                ClientType = secret is null && key is null ? ClientTypes.Public : ClientTypes.Confidential,
                Permissions = { Permissions.Endpoints.Token, Permissions.Endpoints.Introspection, Permissions.Endpoints.Revocation },
            };
            client.Permissions.UnionWith(grants.Select(grant => Permissions.Prefixes.GrantType + grant));
            client.Permissions.UnionWith(scopes.Select(name => Permissions.Prefixes.Scope + name));
            if (key is not null)
            {
                var publicHalf = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
                client.JsonWebKeySet = new JsonWebKeySet();
                client.JsonWebKeySet.Keys.Add(JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(publicHalf)));
            }

            await services.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(client);
        }
    }
}
