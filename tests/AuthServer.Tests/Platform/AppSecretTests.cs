using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static AuthServer.Tests.Platform.BeginningTests;

namespace AuthServer.Tests.Platform;

/// <summary>
/// Compares three values: the one in the file, the one in the file when it was applied last, and the app's present one.
/// </summary>
public sealed class AppSecretTests
{
    private const string Shop = """
        apps:
          - { id: shop, name: Shop, secret: "plain:the-first-secret", grants: [client_credentials], access_token_lifetime: 15m }
        """;

    [Fact]
    public async Task A_secret_that_was_replaced_later_stays_replaced()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, Shop);
        await ReplaceAsync(app, descriptor => descriptor.ClientSecret = "the-replaced-secret");

        Assert.Empty((await ApplyAsync(app, Shop)).Problems);

        Assert.True(await IsSecretAsync(app, "the-replaced-secret"));
        Assert.False(await IsSecretAsync(app, "the-first-secret"));
    }

    [Fact]
    public async Task A_new_secret_in_the_file_is_applied_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, Shop);
        await ReplaceAsync(app, descriptor => descriptor.ClientSecret = "the-replaced-secret");
        var changed = Shop.Replace("first", "second", StringComparison.Ordinal);

        Assert.Contains("changed app shop: secret", (await ApplyAsync(app, changed)).Changes);
        Assert.True(await IsSecretAsync(app, "the-second-secret"));
        await ReplaceAsync(app, descriptor => descriptor.ClientSecret = "the-third-secret");
        Assert.Equal(0, (await ApplyAsync(app, changed)).ChangedCount);
        Assert.True(await IsSecretAsync(app, "the-third-secret"));
    }

    [Fact]
    public async Task A_field_changed_by_an_operator_stays_until_the_file_changes_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, Shop);
        await ReplaceAsync(app, descriptor => descriptor.DisplayName = "The operator's name");

        await ApplyAsync(app, Shop.Replace("15m", "20m", StringComparison.Ordinal));
        Assert.Equal("The operator's name", await app.TextAsync("SELECT DisplayName FROM Clients WHERE ClientId = 'shop'"));
        Assert.Contains("00:20:00", await app.TextAsync("SELECT Settings FROM Clients WHERE ClientId = 'shop'"), StringComparison.Ordinal);

        await ApplyAsync(app, Shop.Replace("name: Shop", "name: Store", StringComparison.Ordinal));
        Assert.Equal("Store", await app.TextAsync("SELECT DisplayName FROM Clients WHERE ClientId = 'shop'"));
    }

    [Fact]
    public async Task A_deleted_app_stays_deleted_and_a_disabled_app_stays_disabled()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, Shop);
        await app.SqlAsync("UPDATE Clients SET DisabledAt = 1 WHERE ClientId = 'shop'");
        await ApplyAsync(app, Shop.Replace("15m", "20m", StringComparison.Ordinal));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Clients WHERE ClientId = 'shop' AND DisabledAt = 1"));

        await using (var scope = app.Services.CreateAsyncScope())
        {
            var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
            await clients.DeleteAsync((await clients.FindByClientIdAsync("shop"))!);
        }

        Assert.Empty((await ApplyAsync(app, Shop)).Problems);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Clients WHERE ClientId = 'shop'"));
    }

    private static async Task ReplaceAsync(AuthServerApp app, Action<OpenIddictApplicationDescriptor> change)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var client = (await clients.FindByClientIdAsync("shop"))!;
        var descriptor = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(descriptor, client);
        change(descriptor);
        await clients.UpdateAsync(client, descriptor);
    }

    private static async Task<bool> IsSecretAsync(AuthServerApp app, string secret)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        return await clients.ValidateClientSecretAsync((await clients.FindByClientIdAsync("shop"))!, secret);
    }
}
