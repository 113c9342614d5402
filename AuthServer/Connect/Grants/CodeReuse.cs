using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Sessions;

namespace AuthServer.Connect.Grants;

/// <summary>Ends the authorization of a code that was redeemed twice (RFC 6749 4.1.2, RFC 9700 4.5), and records why.</summary>
internal sealed class CodeReuse(SessionEnd sessions, SecurityEvents events, TimeProvider time)
{
    public async Task EndAsync(Guid session, Guid authorization, Guid? user, RequestSource? source)
    {
        await sessions.EndAuthorizationAsync(
            session,
            authorization,
            SessionEndReasons.CodeReuse,
            SessionEvent.Of(SessionEventKind.Reused, session, time.GetUtcNow(), authorization, address: source?.Address));
        events.Refused(
            SecurityEventKinds.CodeReused, RefusalCodes.CodeReused, "A redeemed code was used again: its authorization has ended.", user);
    }
}
