using System.Text.Json;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A user downloads the personal data and deletes the account.</summary>
[Collection(OneAtATime.Name)]
public sealed class OwnDataJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task The_data_are_downloaded_and_the_account_is_deleted(string language, int width)
    {
        var orders = await Walk.StartAsync(chromium, platform.Orders.Address, "leaving", language, width);
        await orders.SignInToAsync(platform.Orders);
        await orders.ArrivesAsync();
        var walk = await orders.OpenAsync(new Uri(platform.AuthServer.Address, "/account"));
        await walk.ChooseAsync("YourData");
        await walk.SeesAsync("DownloadDataText");
        var download = await walk.Page.RunAndWaitForDownloadAsync(() => walk.PressAsync("DownloadData"));
        Assert.Equal("account.json", download.SuggestedFilename);
        using var data = JsonDocument.Parse(await File.ReadAllBytesAsync(await download.PathAsync()));
        Assert.Equal(walk.Name, data.RootElement.GetProperty("account").GetProperty("displayName").GetString());

        await walk.FillAsync("CurrentPassword", Walk.Password);
        await walk.TickAsync("DeleteAccountSure");
        await walk.PressAsync("DeleteAccount");
        await walk.SeesAsync("AccountDeleted");

        await orders.IsSignedOutAsync("Orders");
        await orders.SignInAsync();
        await orders.SeesAsync("WrongCredentials");
    }
}
