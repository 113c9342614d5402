using AuthServer.Data;
using AuthServer.Pages;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account.Manage;

/// <summary>Lists what happened to the person's account, the latest first.</summary>
internal sealed class HistoryModel(AuthDbContext database) : ManagePage
{
    private const int Most = 50;

    public IReadOnlyList<AccountEvent> Rows { get; private set; } = [];

    /// <summary>The event as a key of <see cref="Texts"/>.</summary>
    public static string TextOf(AccountEventKind kind) => kind switch
    {
        AccountEventKind.PasswordChanged => "EventPasswordChanged",
        AccountEventKind.PasswordReset => "EventPasswordReset",
        AccountEventKind.EmailChanged => "EventEmailChanged",
        AccountEventKind.PasskeyAdded => "EventPasskeyAdded",
        AccountEventKind.PasskeyRemoved => "EventPasskeyRemoved",
        AccountEventKind.AuthenticatorOn => "EventAuthenticatorOn",
        AccountEventKind.AuthenticatorOff => "EventAuthenticatorOff",
        AccountEventKind.NewRecoveryCodes => "EventNewRecoveryCodes",
        _ => "EventRecoveryCodeUsed",
    };

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Rows = await database.Set<AccountEvent>().AsNoTracking().Where(entry => entry.UserId == Person.Id)
            .OrderByDescending(entry => entry.At).Take(Most).ToListAsync(cancellationToken);
}
