using System.Buffers.Text;
using AuthServer.Pages;
using AuthServer.Passkeys;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Account.Manage;

/// <summary>The person's passkeys. Adding or removing one ends no session.</summary>
internal sealed class PasskeysModel(
    PasskeyRegistration passkeys, BrowserSessions browsers, IStringLocalizer<Texts> texts) : ManagePage
{
    [BindProperty]
    public string? Action { get; set; }

    [BindProperty]
    public string? Id { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    // A property and not a parameter of the handler: MVC logs parameters.
    [BindProperty]
    public string? Passkey { get; set; }

    public IReadOnlyList<UserPasskeyInfo> Rows { get; private set; } = [];

    public bool IsFull => Rows.Count >= PasskeyRegistration.Most;

    public string DefaultName => DeviceName.Of(Request.Headers.UserAgent) ?? texts["Passkey"];

    protected override bool NeedsFreshSignIn => true;

    public static string IdOf(UserPasskeyInfo passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    public async Task OnGetAsync() => Rows = await passkeys.ListAsync(Person.Id);

    /// <summary>Gives the script the options of <c>navigator.credentials.create</c>.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() =>
        await passkeys.BeginAsync(HttpContext, Person) is { } options
            ? Content(options, "application/json")
            : BadRequest(texts["PasskeysFull"].Value);

    public async Task<IActionResult> OnPostAsync()
    {
        var name = string.IsNullOrWhiteSpace(Name) ? DefaultName : Name.Trim();
        switch (Action)
        {
            case "add" when !await passkeys.TryFinishAsync(HttpContext, Person.Id, Passkey ?? "", name):
                await OnGetAsync();
                return Refuse(IsFull ? "PasskeysFull" : "PasskeyNotAdded");
            case "add":
                // Creating the passkey needed its presence and verified the user, so this session has shown it.
                await browsers.StepUpAsync(HttpContext, Present, [.. Present.Methods.Union(
                    [AuthenticationLevel.ProofOfPossession, AuthenticationLevel.UserPresence, AuthenticationLevel.SeveralFactors])]);
                return Finish("DonePasskeyAdded");
            case "rename":
                await passkeys.RenameAsync(Person.Id, CredentialId, name);
                return Finish("DonePasskeyRenamed");
            case "remove":
                await passkeys.TryRemoveAsync(Person.Id, CredentialId);
                return Finish("DonePasskeyRemoved");
            default:
                await OnGetAsync();
                return Page();
        }
    }

    private byte[] CredentialId => Base64Url.IsValid(Id) ? Base64Url.DecodeFromChars(Id) : [];
}
