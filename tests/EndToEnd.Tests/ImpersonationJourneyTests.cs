using EndToEnd.Tests.Support;
using Microsoft.Playwright;
using OtpNet;

namespace EndToEnd.Tests;

/// <summary>An administrator acts as a user, who learns of it and ends it.</summary>
[Collection(OneAtATime.Name)]
public sealed class ImpersonationJourneyTests(Platform platform, Chromium chromium)
{
    private const string Reason = "Ticket 4711: the notes are gone";

    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task An_administrator_acts_as_a_user_in_an_app_until_one_of_the_two_ends_it(string language, int width)
    {
        var user = await Walk.StartAsync(chromium, platform.AuthServer.Address, "acting", language, width);
        var administrator = await Walk.StartAsync(chromium, platform.AuthServer.Address, Walk.Administrator, language, width);
        await administrator.Page.GotoAsync("/account/login");
        await administrator.SignInAsync();
        await SetUpSecondFactorAsync(administrator);
        await ActAsync();

        // In the app, they are the user. What only the user may do is refused, and the page says why.
        await administrator.Page.GotoAsync(new Uri(platform.Orders.Address, "/account/signin").ToString());
        await administrator.ArrivesAsync(user.Name);
        await administrator.Page.GotoAsync(new Uri(platform.AuthServer.Address, "/account/manage/password").ToString());
        await administrator.SeesAsync("ErrorActingAdvice");
        await administrator.Page.GotoAsync(platform.Orders.Address.ToString());

        // The user follows the mail, and ends it.
        await user.FollowMailAsync(platform.Mails, "/account/manage/sessions");
        await user.SignInAsync();
        await user.SeesAsync("ActingSession");
        await user.SeesAsync("ActingReason", Reason);
        await user.Page.GetByRole(AriaRole.Button, new() { Name = $"{user.Say("SignOut")}: {user.Say("ActingSession")}" }).ClickAsync();
        await user.SeesAsync("DoneSignedOut");
        await administrator.Page.PressAsync("Refresh now");
        await administrator.Page.SeesAsync("You have been signed out");

        // Once more. This time the administrator stops.
        await administrator.Page.GotoAsync(new Uri(platform.AuthServer.Address, "/account/login").ToString());
        await administrator.SignInAsync();
        await administrator.FillAsync("Code", CodeAt(TimeSpan.FromSeconds(30)));
        await administrator.PressAsync("Continue");
        await administrator.SeesAsync("Hello", administrator.Name);
        await ActAsync();
        await administrator.PressAsync("ActingEnd");
        await administrator.SeesAsync("SignedOut");
        await administrator.Page.GotoAsync(new Uri(platform.AuthServer.Address, "/account").ToString());
        await administrator.SeesAsync("Password");

        async Task ActAsync()
        {
            await administrator.Page.GotoAsync(await new AdminTool(platform).AskToActAsync(administrator.Page, user.Name, Reason));
            await administrator.SeesAsync("ImpersonationMeans");
            await administrator.Page.PressAsync(administrator.Say("ImpersonationButton", user.Name));
            await administrator.SeesAsync("Hello", user.Name);
            await administrator.SeesAsync("Acting", administrator.Name, user.Name);
        }
    }

    private Totp app = null!;

    private string CodeAt(TimeSpan offset) => app.ComputeTotp((TimeProvider.System.GetUtcNow() + offset).UtcDateTime);

    private async Task SetUpSecondFactorAsync(Walk walk)
    {
        await walk.ChooseAsync("Authenticator");
        app = new Totp(
            Base32Encoding.ToBytes((await walk.Page.Locator(".secret").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal)));

        // A code works only once: a later sign-in uses a later one.
        await walk.FillAsync("CodeOfApp", CodeAt(TimeSpan.FromSeconds(-30)));
        await walk.PressAsync("TurnOn");
        await walk.SeesAsync("RecoveryCodesText");
        await walk.FollowAsync("CodesKept");
    }
}
