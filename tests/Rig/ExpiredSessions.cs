using System.Data.Common;

namespace Rig;

/// <summary>
/// Fills a database of AuthServer with expired sign-ins, each with its authorization and two events, by one statement per table.
/// They belong to the first user and the first client; both must exist.
/// </summary>
public static class ExpiredSessions
{
    // Version 7 ids, which grow with the time of the sign-in.
    private const string Postgres = """
        WITH drawn AS MATERIALIZED (
            SELECT @expired - n * interval '1 second' AS expires, md5(n::text || random()::text) AS noise FROM generate_series(1, @count) AS n
        ), session AS (
            INSERT INTO "Sessions" ("Id", "UserId", "CreatedAt", "AuthenticatedAt", "Methods", "SecurityStamp", "LastSeenAt", "ExpiresAt", "Address", "UserAgent")
            SELECT (lpad(to_hex((extract(epoch FROM expires - interval '30 days') * 1000)::bigint), 12, '0') || '7' || substr(noise, 1, 3) || '8' || substr(noise, 4, 15))::uuid,
                (SELECT "Id" FROM "Users" LIMIT 1), expires - interval '30 days', expires - interval '30 days', 'pwd', '', expires, expires,
                '192.0.2.' || (random() * 255)::int, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
            FROM drawn
            RETURNING "Id", "CreatedAt", "ExpiresAt"
        ), authorization_ AS (
            INSERT INTO "Authorizations" ("Id", "SessionId", "Generation", "RefreshedAt", "RefreshExpiresAt", "ApplicationId", "ConcurrencyToken", "CreationDate", "Scopes", "Status", "Subject", "Type")
            SELECT gen_random_uuid(), "Id", 2, "CreatedAt", "ExpiresAt", (SELECT "Id" FROM "Clients" LIMIT 1), gen_random_uuid()::text, "CreatedAt",
                '["openid","offline_access"]', 'valid', (SELECT "Id"::text FROM "Users" LIMIT 1), 'ad-hoc'
            FROM session
            RETURNING "Id", "SessionId", "RefreshedAt"
        )
        INSERT INTO "SessionEvents" ("Id", "SessionId", "AuthorizationId", "At", "Kind", "Generation", "Address")
        SELECT gen_random_uuid(), "SessionId", "Id", "RefreshedAt", kind, generation, '192.0.2.1'
        FROM authorization_, (VALUES ('Issued', 1), ('Refreshed', 2)) AS event (kind, generation)
        """;

    // In SQLite, Guids are upper-case text, and instants are ticks of 100 ns.
    private const string Sqlite = """
        CREATE TEMP TABLE drawn AS
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < @count)
        SELECT @expired - n * 10000000 AS expires,
            printf('%08X-%04X-7000-8%03X-%012X', n, random() & 65535, random() & 4095, random() & 281474976710655) AS session,
            printf('%08X-%04X-7000-9%03X-%012X', n, random() & 65535, random() & 4095, random() & 281474976710655) AS "authorization"
        FROM number;
        INSERT INTO "Sessions" ("Id", "UserId", "CreatedAt", "AuthenticatedAt", "Methods", "SecurityStamp", "LastSeenAt", "ExpiresAt", "Address", "UserAgent")
        SELECT session, (SELECT "Id" FROM "Users" LIMIT 1), expires - @lifetime, expires - @lifetime, 'pwd', '', expires, expires, '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64)'
        FROM drawn;
        INSERT INTO "Authorizations" ("Id", "SessionId", "Generation", "RefreshedAt", "RefreshExpiresAt", "ApplicationId", "ConcurrencyToken", "CreationDate", "Scopes", "Status", "Subject", "Type")
        SELECT "authorization", session, 2, expires - @lifetime, expires, (SELECT "Id" FROM "Clients" LIMIT 1), 'seeded', '2020-01-01 00:00:00',
            '["openid","offline_access"]', 'valid', (SELECT "Id" FROM "Users" LIMIT 1), 'ad-hoc'
        FROM drawn;
        INSERT INTO "SessionEvents" ("Id", "SessionId", "AuthorizationId", "At", "Kind", "Generation", "Address")
        SELECT replace("authorization", '-7000-9', printf('-700%d-8', generation)), session, "authorization", expires - @lifetime, kind, generation, '192.0.2.1'
        FROM drawn, (SELECT 'Issued' AS kind, 1 AS generation UNION ALL SELECT 'Refreshed', 2);
        DROP TABLE drawn;
        """;

    /// <param name="connection">An open connection to PostgreSQL or SQLite.</param>
    /// <param name="expiredAt">When the last sign-in has expired. Each of the others has expired a second before the next
    /// one.</param>
    public static async Task SeedAsync(DbConnection connection, int count, DateTimeOffset expiredAt)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var isPostgres = connection is Npgsql.NpgsqlConnection;
        await using var command = connection.CreateCommand();
        command.CommandText = isPostgres ? Postgres : Sqlite;
        command.CommandTimeout = 600;
        Add("@count", count);
        if (isPostgres)
        {
            Add("@expired", expiredAt.UtcDateTime);
        }
        else
        {
            Add("@expired", expiredAt.UtcTicks);
            Add("@lifetime", TimeSpan.FromDays(30).Ticks);
        }

        await command.ExecuteNonQueryAsync();

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }
}
