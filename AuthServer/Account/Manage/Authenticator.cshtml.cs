using AuthServer.Connect;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using QRCoder;

namespace AuthServer.Account.Manage;

/// <summary>The authenticator app: set up by its QR code, and taken away.</summary>
internal sealed class AuthenticatorModel(
    Authenticators authenticators, BrowserSessions browsers, UserManager<User> users, IOptions<ConnectOptions> connect) : ManagePage
{
    [BindProperty]
    public string? Action { get; set; }

    [BindProperty]
    public string? Code { get; set; }

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

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var known = await authenticators.FindAsync(Person.Id, cancellationToken);
        IsOn = known?.ConfirmedAt is not null;
        if (IsOn)
        {
            CodesLeft = RecoveryCodes.CountOf(known!.RecoveryCodes);
            return Page();
        }

        var secret = await authenticators.BeginAsync(Person.Id, cancellationToken);
        Secret = string.Join(' ', secret.Chunk(4).Select(part => new string(part)));
        KeyUri = KeyUriOf(secret);
        QrCode = QrCodeOf(KeyUri);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // A password alone must not be able to take away what is there besides it.
        if (Action is "codes" or "remove" && !Present.Methods.Intersect([AuthenticationLevel.OneTimePassword, AuthenticationLevel.ProofOfPossession]).Any())
        {
            return LocalRedirect(QueryHelpers.AddQueryString(SignInSteps.CodePath, BrowserCookie.ReturnUrl, Request.Path));
        }

        switch (Action)
        {
            case "confirm":
                if (await authenticators.ConfirmAsync(Person.Id, Code ?? "", cancellationToken) is not { } codes)
                {
                    Refuse("WrongCode");
                    return await OnGetAsync(cancellationToken);
                }

                // The code was right: this browser has shown it.
                await browsers.SignInAsync(
                    HttpContext, await EndOthersAsync(cancellationToken), [.. Present.Methods.Union([AuthenticationLevel.OneTimePassword, AuthenticationLevel.SeveralFactors])], Present.IsRemembered);
                NewCodes = codes;
                return Page();
            case "codes":
                NewCodes = await authenticators.RenewCodesAsync(Person.Id, cancellationToken);
                return Page();
            case "remove":
                await authenticators.RemoveAsync(Person.Id);
                await EndOthersAsync(cancellationToken);
                return Finish("DoneAuthenticatorRemoved", "/account");
            default:
                return await OnGetAsync(cancellationToken);
        }
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
