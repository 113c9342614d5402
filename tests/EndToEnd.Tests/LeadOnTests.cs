using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>How Chromium behaves on the way from a form to an app that redirects to origins this server does not know.</summary>
[Collection(OneAtATime.Name)]
public sealed class ClientSideRedirectTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task An_app_that_redirects_on_to_another_origin_is_reached_from_every_form()
    {
        using var app = new RoutingApp(platform);
        var page = await chromium.VisitAsync(platform.AuthServer.Address);

        await page.GotoAsync(app.SignIn("no").ToString());
        await SignInAsync(page);
        await page.PressAsync("Deny");
        await page.SeesHeadingAsync("Arrived");
        await page.GotoAsync(app.SignIn("yes").ToString());
        await page.PressAsync("Allow");
        await page.SeesHeadingAsync("Arrived");

        // The page that forwarded the browser is not in the history.
        await page.GoBackAsync();
        await page.SeesHeadingAsync("Guest wants to access your account");

        // A new browser, in which nobody has signed in to an app with front-channel logout.
        page = await chromium.VisitAsync(platform.AuthServer.Address);
        await page.GotoAsync("/account/login");
        await SignInAsync(page);
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.GotoAsync(app.SignOut.ToString());
        await page.PressAsync("Sign out");
        await page.SeesHeadingAsync("Arrived");
    }

    [Fact]
    public async Task A_pop_up_reports_to_the_page_that_opened_it()
    {
        using var app = new RoutingApp(platform);
        var page = await chromium.VisitAsync(app.Opener);
        await page.GotoAsync(app.Opener.ToString());

        var popUp = await page.RunAndWaitForPopupAsync(() => page.PressAsync("Open"));
        await SignInAsync(popUp);
        await popUp.PressAsync("Allow");

        await page.SeesHeadingAsync("signed in");
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.Locator("#userName").FillAsync("alice");
        await page.Locator("#password").FillAsync("correct-horse-apple");
        await page.Locator("#password").PressAsync("Enter");
    }
}
