namespace Prove;

/// <summary>Many concurrent sessions of an app.</summary>
internal sealed class Crowd
{
    private const int MostTold = 3;
    private const int SignInsAtOnce = 4;

    private readonly List<AppSession> sessions;

    private Crowd(List<AppSession> sessions, Tally tally) => (this.sessions, Tally) = (sessions, tally);

    public Tally Tally { get; }

    public int Refreshes => sessions.Sum(session => session.Refreshes);

    public TimeSpan LongestWait => sessions.Max(session => session.LongestWait);

    public static async Task<Crowd> SignInAsync(Site site, Findings findings, int size)
    {
        var tally = new Tally();
        var sessions = Enumerable.Range(1, size).Select(index => new AppSession(site, findings.Chance(index), tally)).ToList();
        await Parallel.ForEachAsync(
            sessions, new ParallelOptions { MaxDegreeOfParallelism = SignInsAtOnce }, async (session, _) => await session.SignInAsync());
        return new Crowd(sessions, tally);
    }

    /// <summary>All sessions refresh until the token is cancelled.</summary>
    public Task StayAsync(TimeSpan longestPause, CancellationToken untilThen) =>
        Task.WhenAll(sessions.Select(session => session.StayAsync(longestPause, untilThen)));

    /// <summary>Claims that each session is still signed in with its last token, and that there are no other authorizations.</summary>
    /// <param name="findings">Receives the claims.</param>
    /// <param name="store">The database that has the authorizations.</param>
    /// <param name="others">The number of sign-ins that do not belong to the crowd.</param>
    public async Task ClaimAllSignedInAsync(Findings findings, Store store, int others = 0)
    {
        var signIns = sessions.Count + others;
        await Task.WhenAll(sessions.Where(session => session.Lost is null).Select(session => session.RefreshAsync()));
        var lost = sessions.Select(session => session.Lost).OfType<string>().ToList();
        foreach (var story in lost.Take(MostTold))
        {
            findings.Say($"lost {story}");
        }

        var (living, all) = (await store.LivingAuthorizationsAsync(), await store.AuthorizationsAsync());
        findings.Claim(lost.Count is 0, $"all {sessions.Count} are still signed in: the last token of each refreshes ({lost.Count} lost)");
        findings.Claim(
            living == signIns && all == signIns, $"one authorization a sign-in: {living} living of {all} for {signIns} sign-ins");
    }
}
