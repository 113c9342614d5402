using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Account;

/// <summary>What the link "This wasn’t me" does. The page shows it before it is done.</summary>
/// <param name="User">Tracked by the context.</param>
/// <param name="Covered">
/// The event because of which the account was secured already, and which covers that of the link; null if there is none. Then nothing is
/// left to do.
/// </param>
/// <param name="RestoresAddress">True if the account gets the link's address back.</param>
/// <param name="Passkeys">Those that were added since.</param>
/// <param name="RemovesAuthenticator">True if the authenticator app was added since.</param>
/// <param name="RemovesCodes">True if somebody else may have the recovery codes of an older authenticator app.</param>
/// <param name="Apps">Those that were connected since.</param>
internal sealed record RescuePlan(
    NotMeLink Link, User User, AuditEvent? Covered, bool RestoresAddress, IReadOnlyList<UserPasskeyInfo> Passkeys,
    bool RemovesAuthenticator, bool RemovesCodes, IReadOnlyList<Client> Apps);

internal enum RescueOutcome
{
    Done,

    /// <summary>Done, but another account has the address by now. The account is locked, because the thief has the present one.</summary>
    Locked,

    /// <summary>Nothing was done: the account was changed at the same moment.</summary>
    ChangedMeanwhile,
}
