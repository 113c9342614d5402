namespace AuthServer.Sessions;

/// <summary>What an administrator has asked for. It is in the link, and nothing is stored until the link is used.</summary>
/// <param name="Id">The id of the session that the link begins, so that of all uses one succeeds.</param>
/// <param name="Administrator">The administrator's user id.</param>
/// <param name="Session">The sign-in in which the administrator has asked.</param>
internal sealed record ImpersonationOffer(Guid Id, Guid Administrator, Guid Session, Guid User, string Reason, TimeSpan Duration);
