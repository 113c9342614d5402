namespace AuthServer.Users;

/// <summary>A browser in which people have signed in before, according to its cookie (OWASP: device cookie).</summary>
/// <param name="Id">The browser's own id, so that its wrong passwords are counted apart from those of strangers.</param>
/// <param name="People">The ids of these people.</param>
internal sealed record KnownBrowser(Guid Id, IReadOnlyList<Guid> People)
{
    /// <returns>
    /// The id under which the browser's failures at this account are counted. It is <see cref="Guid.Empty"/>, as for all strangers, if the
    /// person has never signed in there.
    /// </returns>
    public static Guid IdFor(KnownBrowser? browser, User? user) =>
        browser is not null && user is not null && browser.People.Contains(user.Id) ? browser.Id : Guid.Empty;
}
