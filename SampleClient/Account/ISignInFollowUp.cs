using Microsoft.AspNetCore.Authentication;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>The work of a chapter after a sign-in that it has sent the browser to. The core needs none.</summary>
internal interface ISignInFollowUp
{
    /// <param name="properties">Those of the sign-in. A chapter recognises its own by what it has put there.</param>
    /// <param name="before">The session that the sign-in replaces; null if there was none.</param>
    /// <param name="session">The new session, which is stored already.</param>
    /// <returns>Where the user goes instead of the return address; null to go there.</returns>
    string? AfterSignIn(AuthenticationProperties properties, Session? before, Session session);
}
