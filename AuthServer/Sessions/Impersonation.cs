namespace AuthServer.Sessions;

/// <summary>A session in which an administrator acts as a user.</summary>
/// <param name="Administrator">The administrator's user id.</param>
/// <param name="Session">The administrator's own sign-in.</param>
/// <param name="EndsAt">Nothing of the session is valid any longer.</param>
internal sealed record Impersonation(Guid Administrator, Guid Session, Guid User, DateTimeOffset EndsAt)
{
    /// <summary>The columns of a session's row.</summary>
    /// <returns>Null if the session is the user's own.</returns>
    public static Impersonation? Of(Guid? administrator, Guid? session, Guid user, DateTimeOffset? endsAt) =>
        administrator is { } id ? new(id, session ?? Guid.Empty, user, endsAt ?? DateTimeOffset.MinValue) : null;
}
