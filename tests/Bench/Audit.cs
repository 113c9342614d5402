using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Bench;

/// <summary>The verification of many events, each with its link in the chain and signed checkpoints every thousand.</summary>
internal static class Audit
{
    public const string Name = "audit";

    private const double TargetSeconds = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    // Two events a millisecond until now, as refused sign-ins: the sealer takes nothing that is older than the last link by more than 15
    // minutes.
    private const string Sql =
        """
        INSERT INTO "AuditEvents" ("Id", "At", "ActorKind", "ActorId", "Action", "TargetKind", "TargetId", "IsRefused", "Reason", "TraceId", "Changes", "Encrypted")
        SELECT gen_random_uuid(), now() - (@events - number) * interval '500 microseconds', 'Person', NULL, 'sign_in.refused', 'user',
            md5((number % 1000)::text), true, 'wrong_password', md5(number::text), '{"client":{"after":"orders"}}', decode(md5(number::text), 'hex')
        FROM generate_series(1, @events) AS number
        """;

    public static async Task<bool> RunAsync(int events)
    {
        await using var subject = await Subject.StartAsync(Server.AuthServer, Database.Postgres);
        await using var connection = new NpgsqlConnection($"{subject.ConnectionString};Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using (var seed = new NpgsqlCommand(Sql, connection))
        {
            seed.Parameters.AddWithValue("events", events);
            await seed.ExecuteNonQueryAsync();
        }

        var clock = Stopwatch.StartNew();
        while (await LeftAsync(connection) > 0 && clock.Elapsed < Patience)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        await subject.CommandAsync("audit", "verify");
        var took = clock.Elapsed.TotalSeconds;
        Console.WriteLine();
        Console.WriteLine($"{events:N0} events, Postgres: sealed by the running server in {seconds:0} s; 'audit verify' {took:0.0} s, target {TargetSeconds} s");
        return took <= TargetSeconds;
    }

    private static async Task<long> LeftAsync(NpgsqlConnection connection)
    {
        await using var count = new NpgsqlCommand(
            """SELECT (SELECT count(*) FROM "AuditEvents") - (SELECT count(*) FROM "AuditSeals")""", connection);
        return Convert.ToInt64(await count.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
