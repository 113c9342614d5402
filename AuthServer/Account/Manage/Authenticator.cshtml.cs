using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using QRCoder;

namespace AuthServer.Account.Manage;

/// <summary>Sets up and removes the authenticator app, and renews the recovery codes.</summary>
[RepeatsStep]
internal sealed class AuthenticatorModel(
    Authenticators authenticators,
    BrowserSessions browsers,
    UserManager<User> users,
    IOptions<ConnectOptions> connect,
    SecurityEvents events) : ManagePage
{
    [BindProperty]
    public string? Action { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    /// <summary>The set-up in progress, which the form carries.</summary>
    [BindProperty]
    public string? Setup { get; set; }

    public bool IsOn { get; private set; }

    public int CodesLeft { get; private set; }

    /// <summary>In groups of four characters, for typing.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>The content of the QR code, as a link for a person who uses the page on the phone itself.</summary>
    public string KeyUri { get; private set; } = "";

    /// <summary>A data URI with a text file.</summary>
    public string CodesFile => "data:text/plain;charset=utf-8," + Uri.EscapeDataString(string.Join("\r\n", NewCodes) + "\r\n");

    /// <summary>A data URI with an SVG.</summary>
    public string QrCode { get; private set; } = "";

    public IReadOnlyList<string> NewCodes { get; private set; } = [];

    public string Onward => ReturnUrl is null ? Paths.ManageAuthenticator : Target;

    protected override bool NeedsFreshSignIn => true;

    public Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => ShowAsync(secret: null, cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var setup = Action is "confirm" ? authenticators.FindSetup(Present, Setup) : null;
        if (setup is not null && await authenticators.IsConfirmedAsync(setup, Code ?? "", cancellationToken))
        {
            return await ShowCodesAsync(setup);
        }

        if (Present.IsEarlier)
        {
            return LocalRedirect(QueryHelpers.AddQueryString(BrowserCookie.SignInPath, BrowserCookie.ReturnUrl, Request.Path));
        }

        switch (Action)
        {
            case "confirm":
                return await ConfirmAsync(setup, cancellationToken);

            // Another tab may have removed the authenticator.
            case "codes" when await authenticators.FindAsync(Person.Id, cancellationToken) is null:
                return await OnGetAsync(cancellationToken);
            case "codes":
                NewCodes = await authenticators.RenewCodesAsync(Person.Id, cancellationToken);
                return Page();
            case "remove":
                await authenticators.RemoveAsync(Person.Id);
                await EndOthersAsync(cancellationToken);
                return Finish("DoneAuthenticatorRemoved", Paths.Account);
            default:
                return await OnGetAsync(cancellationToken);
        }
    }

    private async Task<IActionResult> ConfirmAsync(AuthenticatorSetup? setup, CancellationToken cancellationToken)
    {
        // The set-up has expired or is of another session, or the account's credentials have changed since.
        if (setup?.SecurityStamp != Person.Stamp)
        {
            Refuse("AuthenticatorSetupExpired");
            return await ShowAsync(secret: null, cancellationToken);
        }

        var methods = AuthenticationLevel.WithOneTimePassword(Present.Methods);
        if (await authenticators.TryConfirmAsync(setup, Code ?? "", () => browsers.StrengthenAsync(Present, methods), cancellationToken))
        {
            await browsers.EndOtherSessionsAsync(Present, (await users.FindByIdAsync(Person.Id.ToString()))!, CancellationToken.None);
            return await ShowCodesAsync(setup);
        }

        // A concurrent request has completed this set-up.
        if (await authenticators.IsConfirmedAsync(setup, Code ?? "", cancellationToken))
        {
            return await ShowCodesAsync(setup);
        }

        events.Refused(
            SecurityEventKinds.CodeRefused, RefusalCodes.WrongCode, "The first code of a new authenticator is wrong.", Person.Id);
        Refuse("WrongCode");
        return await ShowAsync(setup.Secret, cancellationToken);
    }

    private async Task<IActionResult> ShowCodesAsync(AuthenticatorSetup setup)
    {
        await browsers.TryResumeAsync(HttpContext, Present.Session.Id, Person, Present.IsRemembered);
        NewCodes = setup.RecoveryCodes;
        return Page();
    }

    /// <param name="secret">The secret of the set-up in progress; null to begin a new one.</param>
    private async Task<IActionResult> ShowAsync(string? secret, CancellationToken cancellationToken)
    {
        if (await authenticators.FindAsync(Person.Id, cancellationToken) is { } known)
        {
            (IsOn, CodesLeft) = (true, RecoveryCodes.CountOf(known.RecoveryCodes));
            return Page();
        }

        if (secret is null)
        {
            (secret, Setup) = authenticators.Begin(Present);
        }

        Secret = string.Join(' ', secret.Chunk(4).Select(part => new string(part)));
        KeyUri = KeyUriOf(secret);
        QrCode = QrCodeOf(KeyUri);
        return Page();
    }

    // Other sessions began under another rule, so they end. The new security stamp also forgets all remembered browsers.
    private async Task EndOthersAsync(CancellationToken cancellationToken)
    {
        var user = (await users.FindByIdAsync(Person.Id.ToString()))!;
        await users.UpdateSecurityStampAsync(user);
        await browsers.EndOtherSessionsAsync(Present, user, cancellationToken);
    }

    // https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    private string KeyUriOf(string secret)
    {
        var issuer = Uri.EscapeDataString(connect.Value.IssuerUri.Host);
        return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(Person.UserName!)}?secret={secret.TrimEnd('=')}&issuer={issuer}";
    }

    private static string QrCodeOf(string uri)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var image = new SvgQRCode(data);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(image.GetGraphic(4)));
    }
}
