using System.Diagnostics;
using System.Net;
using Rig;

namespace Prove;

/// <summary>
/// What an app keeps of somebody who signed in, the last refresh token; and the habits of a good app: without a good
/// answer it sends the same token again, to another node, after a short while.
/// </summary>
internal sealed class AppSession(Site site, Random chance, Tally tally)
{
    private const int MostAttemptsTold = 12;

    /// <summary>
    /// The longest there is, so that a machine that is busy otherwise and takes long to start a node does not count. How
    /// long a client really waited is told, and to be compared to the default.
    /// </summary>
    public static readonly (string, string?) LongLeeway = ("Connect:RefreshTokenLeeway", "00:10:00");

    // Within the leeway, or else a spent token whose answer got lost would count as stolen.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    // Doubled with each of the first attempts.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private const int MostDoublings = 4;

    private readonly List<string> attempts = [];
    private string token = "";
    private int node;

    public int Refreshes { get; private set; }

    /// <summary>For a refresh, with all its attempts.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Why it is signed out: the attempts with its last token; null as long as it is not.</summary>
    public string? Lost { get; private set; }

    public async Task SignInAsync()
    {
        node = chance.Next(site.Nodes.Count);
        token = (await site.Nodes[node].Client.SignInAsync()).Ok().RefreshToken!;
    }

    /// <summary>One refresh, however many attempts that takes.</summary>
    /// <param name="mayWait">Judges each answer that is not a success: whether the app is right to try again.</param>
    public async Task RefreshAsync(Func<TokenAnswer, bool>? mayWait = null)
    {
        attempts.Clear();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(chance.NextDouble() * FirstPause * (1 << Math.Min(attempts.Count - 1, MostDoublings))))
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

    /// <summary>Refreshes again and again, with a pause of random length between.</summary>
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
