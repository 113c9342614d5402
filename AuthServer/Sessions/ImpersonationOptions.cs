namespace AuthServer.Sessions;

/// <summary>
/// The section <c>Impersonation</c>: administrators who act as a user. See <see href="administration.md">administration</see>.
/// </summary>
internal sealed class ImpersonationOptions
{
    public const string Section = "Impersonation";

    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether administrators with the scope <c>admin.users.impersonate</c> can act as users. Switching it off ends what has begun.
    /// </summary>
    public bool Enabled { get; set; }

    /// <summary>How long an administrator can act as a user at most, before they have to ask again.</summary>
    /// <value>1 minute to 1 hour</value>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(30);
}
