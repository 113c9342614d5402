using AuthServer.Connect;
using AuthServer.Hosting.SecurityLog;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using QRCoder;

namespace AuthServer.Account.Manage;

/// <summary>The authenticator app: set up by its QR code, and taken away.</summary>
internal sealed class AuthenticatorModel(
    Authenticators authenticators,
    BrowserSessions browsers,
    AccountMails mails,
    UserManager<User> users,
    IOptions<ConnectOptions> connect,
    SecurityEvents events) : ManagePage
{
    [BindProperty]
    public string? Action { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    /// <summary>The set-up under way, which the form carries.</summary>
    [BindProperty]
    public string? Setup { get; set; }

    public bool IsOn { get; private set; }

    public int CodesLeft { get; private set; }

    /// <summary>Grouped, to be typed.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>What the QR code says, for a person who sets it up on the phone itself.</summary>
    public string KeyUri { get; private set; } = "";

    /// <summary>A data URI with a text file.</summary>
    public string CodesFile => "data:text/plain;charset=utf-8," + Uri.EscapeDataString(string.Join("\r\n", NewCodes) + "\r\n");

    /// <summary>A data URI with an SVG.</summary>
    public string QrCode { get; private set; } = "";

    public IReadOnlyList<string> NewCodes { get; private set; } = [];

    public string Onward => ReturnUrl is null ? "/account/manage/authenticator" : Target;

    protected override bool NeedsFreshSignIn => true;

    public Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => ShowAsync(secret: null, cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        switch (Action)
        {
            case "confirm":
                var secret = authenticators.SecretOf(Present, Setup);
                if (secret is null || await authenticators.ConfirmAsync(Person.Id, secret, Code ?? "", cancellationToken) is not { } codes)
                {
                    if (secret is not null)
                    {
                        events.Refused(SecurityEventKinds.CodeRefused, "The first code of a new authenticator is wrong.", Person.Id);
                    }

                    Refuse(secret is null ? "AuthenticatorSetupExpired" : "WrongCode");
                    return await ShowAsync(secret, cancellationToken);
                }

                // The code was right: this browser has shown it.
                await browsers.SignInAsync(
                    HttpContext, await EndOthersAsync(cancellationToken), [.. Present.Methods.Union([AuthenticationLevel.OneTimePassword, AuthenticationLevel.SeveralFactors])], Present.IsRemembered);
                await mails.TellAsync(HttpContext, Person, AccountEventKind.AuthenticatorOn);
                NewCodes = codes;
                return Page();
            case "codes":
                NewCodes = await authenticators.RenewCodesAsync(Person.Id, cancellationToken);
                await mails.TellAsync(HttpContext, Person, AccountEventKind.NewRecoveryCodes);
                return Page();
            case "remove":
                await authenticators.RemoveAsync(Person.Id);
                await EndOthersAsync(cancellationToken);
                await mails.TellAsync(HttpContext, Person, AccountEventKind.AuthenticatorOff);
                return Finish("DoneAuthenticatorRemoved", "/account");
            default:
                return await OnGetAsync(cancellationToken);
        }
    }

    /// <param name="secret">Of the set-up that goes on; null for a new one.</param>
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

    // What signed in by another rule ends, and no browser is remembered any more.
    private async Task<User> EndOthersAsync(CancellationToken cancellationToken)
    {
        var user = (await users.FindByIdAsync(Person.Id.ToString()))!;
        await users.UpdateSecurityStampAsync(user);
        await browsers.KeepOnlyAsync(Present, user, cancellationToken);
        return user;
    }

    // https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    private string KeyUriOf(string secret)
    {
        var issuer = Uri.EscapeDataString(new Uri(connect.Value.Issuer!).Host);
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
