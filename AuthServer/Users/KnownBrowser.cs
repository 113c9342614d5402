namespace AuthServer.Users;

/// <summary>A browser in which people have signed in before, as its cookie tells (OWASP: device cookie).</summary>
/// <param name="Id">Its own, so that strangers elsewhere do not use up what it may try.</param>
/// <param name="People">The people's ids.</param>
internal sealed record KnownBrowser(Guid Id, IReadOnlyList<Guid> People);
