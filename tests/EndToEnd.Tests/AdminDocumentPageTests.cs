using System.Collections.Concurrent;
using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>The page of the administration API's document in a browser: it needs nothing that the issuer does not have.</summary>
[Collection(OneAtATime.Name)]
public sealed class AdminDocumentPageTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task The_page_shows_the_operations_and_loads_nothing_from_elsewhere()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        var (errors, addresses) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Enqueue(error);
        page.Request += (_, request) => addresses.Enqueue(request.Url);

        await page.GotoAsync("/api/admin/v1/docs");
        await page.GetByRole(AriaRole.Heading, new() { Name = "AuthPlatform administration API" }).First.WaitForAsync();
        await page.GetByText("Says who the caller is, and what they may do.").First.WaitForAsync();

        Assert.Empty(errors);
        Assert.Contains(addresses, address => address.EndsWith("/api/admin/v1/openapi.json", StringComparison.Ordinal));
        Assert.All(
            addresses.Where(address => !address.StartsWith("data:", StringComparison.Ordinal) && !address.StartsWith("blob:", StringComparison.Ordinal)),
            address => Assert.StartsWith(platform.AuthServer.Address.ToString(), address, StringComparison.Ordinal));
    }
}
