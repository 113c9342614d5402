using System.Net;
using System.Web;
using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>Apache's mod_auth_openidc, which protects pages that contain no sign-in code.</summary>
[Collection(Stacks.Name)]
public sealed class ApacheTests(StacksIssuer issuer, Apache apache, Chromium chromium) : IClassFixture<Apache>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Tests that ran before this one may have provoked errors.
    private readonly int before = Problems(apache).Length;

    [Fact]
    public async Task A_protected_page_knows_who_has_signed_in_and_its_sign_out_reaches_the_issuer()
    {
        var page = await SignedInAsync();
        await page.SeesAsync("You are Alice Ahn, alice@example.test.");

        await page.FollowLinkAsync("Sign out");
        await page.SeesHeadingAsync("Goodbye");
        Assert.Equal(new Uri(apache.Address, "/goodbye.html").ToString(), page.Url);

        // The session at the issuer has ended, too, and does not let the user in again.
        await page.GotoAsync("/");
        await page.SeesIssuerAsync(issuer.Address, "Wiki");
        AssertNothingWentWrong();
    }

    [Fact]
    public async Task BackChannelLogout_A_sign_out_at_the_issuer_ends_the_session_of_this_user_only()
    {
        var (page, other) = (await SignedInAsync(), await SignedInAsync());

        var account = await Chromium.VisitAsync(page, new Uri(issuer.Address, "/account/logout"));
        await account.PressAsync("Sign out");
        await account.SeesHeadingAsync("You’re signed out");

        for (var clock = System.Diagnostics.Stopwatch.StartNew(); page.Url.StartsWith(
            apache.Address.ToString(), StringComparison.Ordinal); await Task.Delay(200))
        {
            Assert.True(clock.Elapsed < Patience, apache.Log);
            await page.GotoAsync("/");
        }

        await page.SeesIssuerAsync(issuer.Address, "Wiki");
        await other.ReloadAsync();
        await other.SeesHeadingAsync("Hello, alice");
        AssertNothingWentWrong();
    }

    [Fact]
    public async Task The_module_refuses_a_response_that_was_changed_or_used_before()
    {
        using var browser = new HttpBrowser();
        var callback = await SignInUpToCallbackAsync(browser);

        await AssertRefusedAsync(browser, With(callback, "state", "another"));
        var page = await browser.FollowAsync(await browser.GetAsync(callback));
        page.AssertSays("Hello, alice", HttpStatusCode.OK);

        using var other = new HttpBrowser();
        await AssertRefusedAsync(other, callback);
        foreach (var (name, value) in new[] { ("iss", "https://login.other.example/"), ("code", "another") })
        {
            await AssertRefusedAsync(other, With(await SignInUpToCallbackAsync(other), name, value));
        }
    }

    private void AssertNothingWentWrong() => Assert.Empty(Problems(apache)[before..]);

    // The module reports an error with varying status codes; in each case nobody is signed in.
    private async Task AssertRefusedAsync(HttpBrowser browser, Uri callback)
    {
        var answer = await browser.GetAsync(callback);
        Assert.True(answer.Location is null && !answer.Html.Contains("Hello", StringComparison.Ordinal), $"{callback}: {answer}");
        Assert.Equal(issuer.Address.Authority, (await browser.GetAsync(apache.Address)).Location?.Authority);
    }

    private async Task<IPage> SignedInAsync()
    {
        var page = await chromium.VisitAsync(apache.Address);
        await page.SeesIssuerAsync(issuer.Address, "Wiki");
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, alice");
        return page;
    }

    private async Task<Uri> SignInUpToCallbackAsync(HttpBrowser browser)
    {
        var page = await browser.FollowAsync(await browser.GetAsync(apache.Address), "/signin-oidc");
        if (page.Location is null)
        {
            page = await browser.FollowAsync(
                await browser.SubmitAsync(page, null, ("userName", "alice"), ("password", "correct-horse-apple")), "/signin-oidc");
        }

        Assert.True(page.Location is not null, page.Html);
        return page.Location;
    }

    private static string[] Problems(Apache apache) =>
        [.. apache.Log.Split('\n').Where(line => line.Contains("auth_openidc:error", StringComparison.Ordinal))];

    private static Uri With(Uri address, string name, string value)
    {
        var query = HttpUtility.ParseQueryString(address.Query);
        query[name] = value;
        return new UriBuilder(address) { Query = query.ToString() }.Uri;
    }
}
