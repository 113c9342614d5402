using System.Globalization;
using System.Xml.Linq;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>
/// A user's way through the issuer's pages in one language. Texts are named by their keys. Each page on the way is checked.
/// </summary>
/// <param name="page">A page of a browser that prefers the language.</param>
/// <param name="journey">Names the pictures and the user.</param>
internal sealed class Walk(IPage page, string journey, string language)
{
    /// <summary>The password of everybody in <see cref="People"/>.</summary>
    public const string Password = "correct-horse-walker";

    /// <summary>The journeys of people who may administer everything.</summary>
    public const string Administrator = "administrator";

    private static readonly string[] Journeys =
    [
        "forgotten", "elsewhere", "authenticator", "consent", "email", "tabs", "shared", "launcher", "step-up", "password", "sessions",
        "leaving", "device", "choice", "choice-other",
        "expired", "restart", "passkeys", "looked-at", "strength", "not-me", "acting", Administrator,
    ];

    // Each language and each width once. AccountPagesTests checks every single page in more combinations.
    public static readonly (string Language, int Width)[] Readers = [("en", 1280), ("ko", 390)];

    private readonly int width = page.ViewportSize!.Width;
    private readonly Dictionary<string, string> texts = XDocument
        .Load(Path.Combine(Repository.Root, "AuthServer", "Pages", language is "en" ? "Texts.resx" : $"Texts.{language}.resx")).Root!
        .Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    /// <summary>English on a desktop, Korean on a phone.</summary>
    public static TheoryData<string, int> Views => new(Readers);

    /// <summary>A user for each journey and view, so that no journey finds the changes of another.</summary>
    public static IEnumerable<string> People =>
        from journey in Journeys from reader in Readers select $"{journey}-{reader.Language}-{reader.Width}";

    public IPage Page => page;

    public string Name => $"{journey}-{language}-{width}";

    public string Address => $"{Name}@example.test";

    /// <summary>Begins at an app's page.</summary>
    public static async Task<Walk> StartAsync(Chromium chromium, Uri address, string journey, string language, int width) =>
        new(await chromium.VisitAsync(address, width, width is 390 ? ColorScheme.Dark : ColorScheme.Light, language), journey, language);

    /// <summary>Opens another tab of the same browser.</summary>
    public async Task<Walk> OpenAsync(Uri address) => new(await Chromium.VisitAsync(page, address), journey, language);

    /// <summary>Another user in the same browser.</summary>
    public Walk As(string journey) => new(page, journey, language);

    public string Say(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, texts[text], values);

    public ILocator Field(string label) => page.GetByLabel(Say(label), new() { Exact = true });

    public Task FillAsync(string label, string value) => Field(label).FillAsync(value);

    public Task PressAsync(string button) => page.PressAsync(Say(button));

    /// <summary>Opens a section that is collapsed, before its button can be pressed.</summary>
    public Task OpenAsync(string question) => page.Locator("summary", new() { HasText = Say(question) }).ClickAsync();

    public Task FollowAsync(string link, params object[] values) => page.FollowLinkAsync(Say(link, values));

    /// <summary>Follows an entry in the list of the account page.</summary>
    public Task ChooseAsync(string title) => page.GetByRole(AriaRole.Link, new() { Name = Say(title) }).ClickAsync();

    public Task TickAsync(string label) => Field(label).CheckAsync();

    public async Task SignInAsync(string password = Password)
    {
        await FillAsync("UserNameOrEmail", Name);
        await FillAsync("Password", password);
        await PressAsync("SignIn");
    }

    /// <summary>Signs in to an app by password, while nobody is signed in at the issuer.</summary>
    public async Task SignInToAsync(RunningProgram app, string password = Password)
    {
        await page.GotoAsync(new Uri(app.Address, "/account/signin").ToString());
        await SignInAsync(password);
    }

    /// <summary>Signs out of the app in the browser, and of the issuer.</summary>
    public async Task SignOutAsync()
    {
        await page.PressAsync("Sign out");
        await page.SeesHeadingAsync("Signed out");
    }

    /// <summary>
    /// Checks that the app, which still shows its overview, notices the sign-out, and that its next sign-in asks for the password.
    /// </summary>
    public async Task IsSignedOutAsync(string app)
    {
        await page.PressAsync("Refresh now");
        await page.SeesAsync("You have been signed out");
        await page.FollowLinkAsync("Sign in");
        await SeesAsync("SignInTo", app);
        Assert.Equal(Name, await Field("UserNameOrEmail").InputValueAsync());
    }

    /// <summary>Opens the link to this page in the next mail. The mail is in the user's language.</summary>
    /// <param name="address">The recipient; by default the user's address.</param>
    /// <returns>The link.</returns>
    public async Task<string> FollowMailAsync(Mailbox mails, string path, string? address = null)
    {
        var (text, link) = await mails.NextAsync(address ?? Address, path);
        Assert.Equal(language is "ko", text.Any(letter => letter is >= '가' and <= '힣'));
        await page.GotoAsync(link);
        return link;
    }

    /// <summary>
    /// Waits for a text of the page, then checks the page: it is in the user's language, not wider than the window and, in one of
    /// the views, accessible (axe). A picture is kept.
    /// </summary>
    public async Task SeesAsync(string text, params object[] values)
    {
        await page.SeesAsync(Say(text, values));
        await page.KeepAsync($"journey-{journey}-{text}-{language}");
        await page.AssertFitsAsync();
        Assert.Equal(language, await page.EvaluateAsync<string>("document.documentElement.lang"));

        // axe takes longest, so it runs in one view only.
        if ((language, width) is ("ko", 390))
        {
            await page.AssertAccessibleAsync();
        }
    }

    /// <summary>Waits for the app's page that greets this user.</summary>
    public Task ArrivesAsync(string? name = null) => page.SeesHeadingAsync($"Hello, {name ?? Name}");
}
