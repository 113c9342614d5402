using System.Diagnostics;
using System.Net;
using Rig;

namespace Prove;

/// <summary>
/// Browser tabs and retries use one refresh token many times concurrently. Within the leeway all get the same successor. Without a
/// leeway, exactly one gets it, and the others are refused.
/// </summary>
internal static class Race
{
    private const int Parallel = 12;
    private const int MostTold = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(25);

    public static async Task RunAsync(Findings findings, Store store, int nodes, int rounds, bool leeway, bool keysRotate = false)
    {
        var rotation = keysRotate ? ", new keys every 5 s" : "";
        findings.Begin(
            $"{store.Provider}, {nodes} node(s), leeway {(leeway ? 30 : 0)} s{rotation}: {rounds} rounds of {Parallel} parallel refreshes");
        await using var site = await Site.StartAsync(
            store, nodes, [("Connect:RefreshTokenLeeway", leeway ? "00:00:30" : "00:00:00"), .. keysRotate ? Site.RotatingKeys : []]);
        var chance = findings.Chance();
        var (done, wrong) = (0, 0);
        var clock = Stopwatch.StartNew();
        for (; done < rounds && clock.Elapsed < Limit; done++)
        {
            if (await RoundAsync(site, chance, leeway, isSpread: done % 2 is 1) is { } problem && ++wrong <= MostTold)
            {
                findings.Say($"round {done}: {problem}");
            }
        }

        var authorizations = await store.LivingAuthorizationsAsync();
        findings.Say($"{done} rounds in {clock.Elapsed.TotalSeconds:0} s; {authorizations} living authorizations");
        findings.Claim(done == rounds, $"all {rounds} rounds fit into {Limit.TotalMinutes:0} minutes");
        findings.Claim(wrong is 0, leeway
            ? (FormattableString)$"in every round all {Parallel} get one and the same successor, and it refreshes ({wrong} rounds wrong)"
            : $"in every round exactly one succeeds and {Parallel - 1} get invalid_grant ({wrong} rounds wrong)");
        if (leeway)
        {
            findings.Claim(authorizations == done, $"as many living authorizations as sign-ins: {authorizations} of {done}");
        }
        else
        {
            findings.Claim(authorizations <= done, $"no more living authorizations than sign-ins: {authorizations} of {done}");
        }

        site.ClaimNoFaults(findings);
    }

    /// <returns>The fault; null if there is none.</returns>
    private static async Task<string?> RoundAsync(Site site, Random chance, bool leeway, bool isSpread)
    {
        var token = (await site.Any(chance).Client.SignInAsync()).Ok().RefreshToken!;
        var delays = Enumerable.Range(0, Parallel).Select(_ => isSpread ? chance.NextDouble() * Spread : TimeSpan.Zero).ToList();
        var answers = await Task.WhenAll(delays.Select(async (delay, index) =>
        {
            await Task.Delay(delay);
            return await site.Nodes[index % site.Nodes.Count].Client.RefreshAsync(token);
        }));
        return leeway ? await SharedAsync(site, chance, token, answers) : Single(answers);
    }

    private static async Task<string?> SharedAsync(Site site, Random chance, string token, TokenAnswer[] answers)
    {
        var successors = answers.Select(answer => answer.RefreshToken).Distinct().ToList();
        if (successors is not [{ } successor] || successor == token)
        {
            return $"{successors.Count} different successors; {Summary(answers)}";
        }

        var next = await site.Any(chance).Client.RefreshAsync(successor);
        return next.Status is HttpStatusCode.OK && next.RefreshToken is { } refreshed && refreshed != successor
            ? null
            : $"the successor does not refresh: {Summary([next])}";
    }

    private static string? Single(TokenAnswer[] answers) =>
        answers.Count(answer => answer.Status is HttpStatusCode.OK) is 1
        && answers.Count(answer => answer is { Status: HttpStatusCode.BadRequest, Error: "invalid_grant" }) is Parallel - 1
            ? null
            : Summary(answers);

    private static string Summary(TokenAnswer[] answers) => string.Join(", ", answers
        .GroupBy(answer => $"{(int)answer.Status} {answer.Error}".TrimEnd())
        .Select(group => $"{group.Count()} × {group.Key}"));
}
