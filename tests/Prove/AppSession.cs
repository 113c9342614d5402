using System.Diagnostics;
using System.Net;
using Rig;

namespace Prove;

/// <summary>
/// The last refresh token that an app keeps for a user, and the behaviour of a well-written app: without a good answer, it soon
/// sends the same token again, to another node.
/// </summary>
internal sealed class AppSession(Site site, Random chance, Tally tally)
{
    private const int MostAttemptsTold = 12;

    /// <summary>
    /// The longest possible leeway, so that a busy machine that starts a node slowly does not matter. The longest wait of a client
    /// is printed, to be compared with the default leeway.
    /// </summary>
    public static readonly (string, string?) LongLeeway = ("Connect:RefreshTokenLeeway", "00:10:00");

    // Shorter than the leeway: otherwise a spent token whose answer was lost would count as stolen.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    // Doubled after each of the first attempts.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private const int MostDoublings = 4;

    private readonly List<string> attempts = [];
    private string token = "";
    private int node;

    public int Refreshes { get; private set; }

    /// <summary>The longest time that a refresh took, with all its attempts.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Why the user is signed out: the attempts with the last token. Null while the user is signed in.</summary>
    public string? Lost { get; private set; }

    public async Task SignInAsync()
    {
        node = chance.Next(site.Nodes.Count);
        token = (await site.Nodes[node].Client.SignInAsync()).Ok().RefreshToken!;
    }

    /// <summary>One refresh, with as many attempts as it takes.</summary>
    /// <param name="mayWait">Called for each answer that is not a success; true if the app may try again.</param>
    public async Task RefreshAsync(Func<TokenAnswer, bool>? mayWait = null)
    {
        attempts.Clear();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(
            chance.NextDouble() * FirstPause * (1 << Math.Min(attempts.Count - 1, MostDoublings))))
        {
            var at = clock.ElapsedMilliseconds;
            var (answer, outcome) = await tally.SendAsync(() => site.Nodes[node].Client.RefreshAsync(token));
            attempts.Add($"{at}–{clock.ElapsedMilliseconds} ms node {node}: {outcome}");
            if (answer is { Status: HttpStatusCode.OK, RefreshToken: { } successor })
            {
                (token, Refreshes) = (successor, Refreshes + 1);
                LongestWait = clock.Elapsed > LongestWait ? clock.Elapsed : LongestWait;
                return;
            }

            if (clock.Elapsed > Patience || (answer is not null && !(mayWait ?? IsTemporary)(answer)))
            {
                Lost = $"after {Refreshes} refreshes: {string.Join(", ", attempts.TakeLast(MostAttemptsTold))}";
                return;
            }

            node = (node + 1) % site.Nodes.Count;
        }
    }

    /// <summary>Refreshes repeatedly, with pauses of random length.</summary>
    public async Task StayAsync(TimeSpan longestPause, CancellationToken untilThen)
    {
        while (Lost is null && !untilThen.IsCancellationRequested)
        {
            await RefreshAsync();
            await Task.Delay(chance.NextDouble() * longestPause, CancellationToken.None);
        }
    }

    public static bool IsTemporary(TokenAnswer answer) =>
        answer is { Status: HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, RetryAfter: not null };
}
