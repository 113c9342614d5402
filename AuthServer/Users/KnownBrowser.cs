namespace AuthServer.Users;

/// <summary>A browser in which people have signed in before, as its cookie tells (OWASP: device cookie).</summary>
/// <param name="Id">Its own, so that its wrong passwords are counted apart from those of strangers.</param>
/// <param name="People">The people's ids.</param>
internal sealed record KnownBrowser(Guid Id, IReadOnlyList<Guid> People)
{
    /// <returns>By what its failures at this account are counted: <see cref="Guid.Empty"/>, with all strangers, where the person was never there.</returns>
    public static Guid IdFor(KnownBrowser? browser, User? user) =>
        browser is not null && user is not null && browser.People.Contains(user.Id) ? browser.Id : Guid.Empty;
}
