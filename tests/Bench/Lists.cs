using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Bench;

/// <summary>Lists of the administration API with many users and sign-ins in the tables: the first page, a late one, and searches.</summary>
internal static class Lists
{
    public const string Name = "lists";

    private const int Pages = 200;
    private const int Late = 5000;
    private const int PageSize = 50;
    private const double TargetMs = 50;
    private const double TargetRatio = 1.2;

    public static async Task<bool> RunAsync(int users)
    {
        await using var subject = await Subject.StartAsync(Server.AuthServer, Database.Postgres);
        (await subject.Client.SignInAsync()).Ok();
        await Seeding.CopySignInAsync(subject.ConnectionString, users, users);
        using var http = new HttpClient { BaseAddress = subject.Address };
        var token = (await subject.Client.ActForItselfAsync("admin.users.read admin.sessions.read")).Ok();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Json.GetProperty("access_token").GetString());

        Console.WriteLine();
        Console.WriteLine($"lists of the administration API, {users:N0} users and sign-ins, Postgres: {Pages} requests of {PageSize} rows, ms");
        Console.WriteLine($"{"",-34} {"p50",8} {"p95",8} {"ratio",8} {"target",8}");
        var isMet = true;
        foreach (var list in new[] { "users", "sessions" })
        {
            var late = await CursorAsync(http, list, Late - 1);
            await MeasureAsync(http, $"{list}?limit={PageSize}");
            var first = await MeasureAsync(http, $"{list}?limit={PageSize}");
            var last = await MeasureAsync(http, $"{list}?limit={PageSize}&cursor={late}");
            isMet &= Row($"{list}, page 1", first, null) & Row($"{list}, page {Late}", last, last.Median / first.Median);
        }

        foreach (var query in new[] { "prefix=user77", "prefix=zz", "email=77777@example.test", "name=user4711", "role=none" })
        {
            isMet &= Row($"users, {query}", await MeasureAsync(http, $"users?limit={PageSize}&{query}"), null);
        }

        return isMet;
    }

    private static bool Row(string what, (double Median, double P95) measured, double? ratio)
    {
        Console.WriteLine($"{what,-34} {measured.Median,8:0.0} {measured.P95,8:0.0} {ratio,8:0.00} {(ratio is null ? TargetMs : TargetRatio),8:0.0}");
        return measured.P95 <= TargetMs && (ratio ?? 0) <= TargetRatio;
    }

    // The pages are large, so that the way to the late one is short.
    private static async Task<string> CursorAsync(HttpClient http, string list, int pages)
    {
        string? cursor = null;
        for (var rows = pages * PageSize; rows > 0; rows -= 500)
        {
            var page = await http.GetStringAsync($"api/admin/v1/{list}?limit={Math.Min(500, rows)}{(cursor is null ? "" : $"&cursor={cursor}")}");
            cursor = JsonDocument.Parse(page).RootElement.GetProperty("next").GetString();
        }

        return cursor!;
    }

    private static async Task<(double Median, double P95)> MeasureAsync(HttpClient http, string path)
    {
        var times = new List<double>();
        for (var request = 0; request < Pages; request++)
        {
            var clock = Stopwatch.StartNew();
            await http.GetByteArrayAsync($"api/admin/v1/{path}");
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return (times[Pages / 2], times[Pages * 95 / 100]);
    }
}
