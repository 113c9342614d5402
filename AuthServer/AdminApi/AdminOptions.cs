namespace AuthServer.AdminApi;

/// <summary>The section <c>Admin</c>: the administration API. See <see href="administration.md">administration</see>.</summary>
internal sealed class AdminOptions
{
    public const string Section = "Admin";

    /// <summary>Whether this node serves the administration API. Without it, its addresses do not exist.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How long ago an administrator may have signed in, with a second factor, to delete something or to change credentials.
    /// </summary>
    /// <value>1 minute to 12 hours</value>
    public TimeSpan FreshSignIn { get; set; } = TimeSpan.FromMinutes(15);
}
