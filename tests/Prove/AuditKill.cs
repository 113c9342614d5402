using System.Diagnostics;

namespace Prove;

/// <summary>
/// Nodes are killed at random moments while apps sign people in, refresh and sign them out. At the end every change in the database has its
/// event in the audit, every event has its change, and the audit verifies.
/// </summary>
internal static class AuditKill
{
    private const string Success = "200";

    // In answers.
    private const int MostBetweenKills = 30;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // A row without its partner: a sign-in or an app without its event, and the other way round; the same for ends.
    private static readonly (string What, string Sql)[] Lonely =
    [
        ("sign-ins without an event",
            """SELECT count(*) FROM "Sessions" AS s WHERE (SELECT count(*) FROM "AuditEvents" WHERE "Action" = 'sign_in.passed' AND "TargetId" = s."Id"::text) <> 1"""),
        ("events of a sign-in that is not there",
            """SELECT count(*) FROM "AuditEvents" AS e WHERE "Action" = 'sign_in.passed' AND NOT EXISTS (SELECT 1 FROM "Sessions" WHERE "Id"::text = e."TargetId")"""),
        ("apps without an event",
            """SELECT count(*) FROM "Authorizations" AS a WHERE "SessionId" IS NOT NULL AND (SELECT count(*) FROM "AuditEvents" WHERE "Action" = 'session.app_signed_in' AND "TargetId" = a."SessionId"::text) <> 1"""),
        ("ended sign-ins without an event",
            """SELECT count(*) FROM "Sessions" AS s WHERE "EndedAt" IS NOT NULL AND (SELECT count(*) FROM "AuditEvents" WHERE "Action" = 'session.ended' AND "TargetId" = s."Id"::text) <> 1"""),
        ("events of an end that did not happen",
            """SELECT count(*) FROM "AuditEvents" AS e WHERE "Action" = 'session.ended' AND NOT EXISTS (SELECT 1 FROM "Sessions" WHERE "Id"::text = e."TargetId" AND "EndedAt" IS NOT NULL)"""),
        ("people without an event", """SELECT count(*) FROM "Users" AS u WHERE (SELECT count(*) FROM "AuditEvents" WHERE "Action" = 'user.created' AND "TargetId" = u."Id"::text) <> 1"""),
        ("keys without an event", """SELECT count(*) FROM "Keys" AS k WHERE (SELECT count(*) FROM "AuditEvents" WHERE "Action" = 'key.created' AND "TargetId" = k."KeyId") <> 1"""),
    ];

    public static async Task RunAsync(Findings findings, Store store, int nodes, int clients, int kills)
    {
        findings.Begin($"{store.Provider}, {nodes} nodes: at least {kills} SIGKILLs under {clients} clients that sign in and out");
        await using var site = await Site.StartAsync(store, nodes);
        var (tally, clock, done) = (new Tally(), Stopwatch.StartNew(), 0);
        using var end = new CancellationTokenSource();
        var working = Task.WhenAll(Enumerable.Range(0, clients).Select(index => WorkAsync(site, findings.Chance(index), tally, end.Token)));
        await Task.WhenAll(site.Nodes.Select(async (node, index) =>
        {
            var chance = findings.Chance(-1 - index);
            while (clock.Elapsed < Limit && (Volatile.Read(ref done) < kills || tally[Tally.CutOff] is 0))
            {
                await LiveAsync(tally, chance.Next(MostBetweenKills));
                await Task.Delay(chance.NextDouble() * LongestDelay);
                await node.KillAsync();
                Interlocked.Increment(ref done);
                await node.StartAsync();
            }
        }));
        await end.CancelAsync();
        await working;

        findings.Say($"{done} kills, {clock.Elapsed.TotalSeconds:0} s; attempts: {tally}");
        findings.Claim(done >= kills, $"{kills} kills fit into {Limit.TotalMinutes:0} minutes");
        findings.Claim(tally[Tally.CutOff] > 0, $"kills hit requests under way: {tally[Tally.CutOff]} were cut off");
        var (signIns, ended) = (
            await store.CountAsync("""SELECT count(*) FROM "Sessions" """),
            await store.CountAsync("""SELECT count(*) FROM "Sessions" WHERE "EndedAt" IS NOT NULL"""));
        findings.Claim(signIns > 0 && ended > 0, $"there is something to compare: {signIns} sign-ins, {ended} ended");
        foreach (var (what, sql) in Lonely)
        {
            var count = await store.CountAsync(sql);
            findings.Claim(count is 0, $"there are no {what} ({count} are)");
        }

        await ClaimVerifiedAsync(site, findings);
        site.ClaimNoFaults(findings);
    }

    // A node that is killed before it has answered proves nothing.
    private static async Task LiveAsync(Tally tally, int answers)
    {
        var enough = tally[Success] + answers;
        for (var clock = Stopwatch.StartNew(); tally[Success] < enough && clock.Elapsed < LongestLife;)
        {
            await Task.Delay(10);
        }
    }

    private static async Task WorkAsync(Site site, Random chance, Tally tally, CancellationToken untilThen)
    {
        while (!untilThen.IsCancellationRequested)
        {
            var (answer, _) = await tally.SendAsync(() => site.Any(chance).Client.SignInAsync());
            if (answer?.RefreshToken is { } token)
            {
                await tally.SendAsync(() => site.Any(chance).Client.RevokeAsync(token));
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static async Task ClaimVerifiedAsync(Site site, Findings findings)
    {
        var (events, seals) = (0L, -1L);
        for (var clock = Stopwatch.StartNew(); seals < events && clock.Elapsed < Limit; await Task.Delay(Pause))
        {
            seals = await site.Store.CountAsync("""SELECT count(*) FROM "AuditSeals" """);
            events = await site.Store.CountAsync("""SELECT count(*) FROM "AuditEvents" """);
        }

        findings.Claim(seals == events, $"each event has its link ({seals} of {events})");
        var (code, output) = await site.CommandAsync("audit", "verify");
        findings.Claim(code is 0, $"audit verify: {output}");
    }
}
