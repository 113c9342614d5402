using System.Globalization;
using System.Xml.Linq;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>A person's way through the issuer's pages in one language, where texts are named by their keys. Each page on it is looked at.</summary>
/// <param name="page">Of a browser that prefers the language.</param>
/// <param name="journey">Names the pictures, and the person who takes it.</param>
internal sealed class Walk(IPage page, string journey, string language)
{
    /// <summary>Of everybody in <see cref="People"/>.</summary>
    public const string Password = "correct-horse-walker";

    private static readonly string[] Journeys =
    [
        "forgotten", "elsewhere", "authenticator", "consent", "email", "tabs", "shared", "launcher", "step-up", "password", "sessions", "leaving", "device", "choice", "choice-other",
        "expired", "restart", "passkeys", "looked-at", "strength",
    ];

    // Each language and each width once: every page by itself is looked at in more (AccountPagesTests).
    public static readonly (string Language, int Width)[] Readers = [("en", 1280), ("ko", 390)];

    private readonly int width = page.ViewportSize!.Width;
    private readonly Dictionary<string, string> texts = XDocument
        .Load(Path.Combine(Repository.Root, "AuthServer", "Pages", language is "en" ? "Texts.resx" : $"Texts.{language}.resx")).Root!
        .Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    /// <summary>English on a desk, Korean on a phone.</summary>
    public static TheoryData<string, int> Views => new(Readers);

    /// <summary>One for each journey and view, so that none finds what another has changed.</summary>
    public static IEnumerable<string> People =>
        from journey in Journeys from reader in Readers select $"{journey}-{reader.Language}-{reader.Width}";

    public IPage Page => page;

    public string Name => $"{journey}-{language}-{width}";

    public string Address => $"{Name}@example.test";

    /// <summary>To an app's page.</summary>
    public static async Task<Walk> StartAsync(Chromium chromium, Uri address, string journey, string language, int width) =>
        new(await chromium.VisitAsync(address, width, width is 390 ? ColorScheme.Dark : ColorScheme.Light, language), journey, language);

    /// <summary>In another tab of the same browser.</summary>
    public async Task<Walk> OpenAsync(Uri address) => new(await Chromium.VisitAsync(page, address), journey, language);

    /// <summary>Another person at the same screen.</summary>
    public Walk As(string journey) => new(page, journey, language);

    public string Say(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, texts[text], values);

    public ILocator Field(string label) => page.GetByLabel(Say(label), new() { Exact = true });

    public Task FillAsync(string label, string value) => Field(label).FillAsync(value);

    public Task PressAsync(string button) => page.PressAsync(Say(button));

    /// <summary>A question that is asked before its button shows.</summary>
    public Task OpenAsync(string question) => page.Locator("summary", new() { HasText = Say(question) }).ClickAsync();

    public Task FollowAsync(string link, params object[] values) => page.FollowLinkAsync(Say(link, values));

    /// <summary>In the list of what there is on the account page.</summary>
    public Task ChooseAsync(string title) => page.GetByRole(AriaRole.Link, new() { Name = Say(title) }).ClickAsync();

    public Task TickAsync(string label) => Field(label).CheckAsync();

    public async Task SignInAsync(string password = Password)
    {
        await FillAsync("UserNameOrEmail", Name);
        await FillAsync("Password", password);
        await PressAsync("SignIn");
    }

    /// <summary>To an app by its password, where nobody is signed in at the issuer.</summary>
    public async Task SignInToAsync(RunningProgram app, string password = Password)
    {
        await page.GotoAsync(new Uri(app.Address, "/account/signin").ToString());
        await SignInAsync(password);
    }

    /// <summary>Out of the app that is on the screen, and the issuer.</summary>
    public async Task SignOutAsync()
    {
        await page.PressAsync("Sign out");
        await page.SeesHeadingAsync("Signed out");
    }

    /// <summary>The app on the screen still shows its overview, and finds out; its next sign-in asks for the password.</summary>
    public async Task IsSignedOutAsync(string app)
    {
        await page.PressAsync("Refresh now");
        await page.SeesAsync("You have been signed out");
        await page.FollowLinkAsync("Sign in");
        await SeesAsync("ContinueTo", app);
        Assert.Equal(Name, await Field("UserNameOrEmail").InputValueAsync());
    }

    /// <summary>Opens the next mail that leads to this page. It is in the person's language.</summary>
    /// <param name="address">The person's unless given.</param>
    /// <returns>Where it leads.</returns>
    public async Task<string> FollowMailAsync(Mailbox mails, string path, string? address = null)
    {
        var (text, link) = await mails.NextAsync(address ?? Address, path);
        Assert.Equal(language is "ko", text.Any(letter => letter is >= '가' and <= '힣'));
        await page.GotoAsync(link);
        return link;
    }

    /// <summary>Waits for what the page says, then looks at it: in the person's language, as wide as the window, in one of the views accessible (axe). A picture is kept.</summary>
    public async Task SeesAsync(string text, params object[] values)
    {
        await page.SeesAsync(Say(text, values));
        await page.KeepAsync($"journey-{journey}-{text}-{language}");
        await page.AssertFitsAsync();
        Assert.Equal(language, await page.EvaluateAsync<string>("document.documentElement.lang"));

        // What takes longest: once.
        if ((language, width) is ("ko", 390))
        {
            await page.AssertAccessibleAsync();
        }
    }

    /// <summary>An app, where somebody of this name has arrived.</summary>
    public Task ArrivesAsync(string? name = null) => page.SeesHeadingAsync($"Hello, {name ?? Name}");
}
