using Npgsql;

namespace Bench;

/// <summary>Fills tables as years of use would: with copies of one sign-in, each a little older than the one before.</summary>
internal static class Seeding
{
    private const int SignInsPerUser = 10;

    // Ids are like those of Guid.CreateVersion7, one per millisecond, so that the copies sort before rows that are written later.
    private const string Sql =
        """
        CREATE FUNCTION pg_temp.id(salt text, at bigint) RETURNS uuid LANGUAGE sql AS $$
            SELECT (lpad(to_hex(at), 12, '0')
                || '7' || substr(md5(salt || at), 1, 3) || '8' || substr(md5(salt || at), 4, 15))::uuid
        $$;
        INSERT INTO "Users" SELECT copy.* FROM (SELECT to_jsonb(row) AS one FROM "Users" AS row LIMIT 1) AS original, generate_series(1, @users) AS number,
            jsonb_populate_record(NULL::"Users", one || jsonb_build_object(
                'Id', pg_temp.id('user', @end - number),
                'UserName', 'user' || number, 'NameSkeleton', 'user' || number, 'NormalizedUserName', 'USER' || number,
                'Email', number || '@example.test', 'NormalizedEmail', number || '@EXAMPLE.TEST')) AS copy;
        INSERT INTO "Sessions" SELECT copy.* FROM (SELECT to_jsonb(row) AS one FROM "Sessions" AS row LIMIT 1) AS original, generate_series(1, @signIns) AS number,
            jsonb_populate_record(NULL::"Sessions", one || jsonb_build_object(
                'Id', pg_temp.id('session', @end - number), 'UserId', pg_temp.id('user', @end - 1 - number / @perUser),
                'CreatedAt', (one ->> 'CreatedAt')::timestamptz - number * interval '1 millisecond')) AS copy;
        INSERT INTO "Authorizations" SELECT copy.* FROM (SELECT to_jsonb(row) AS one FROM "Authorizations" AS row LIMIT 1) AS original, generate_series(1, @signIns) AS number,
            jsonb_populate_record(NULL::"Authorizations", one || jsonb_build_object(
                'Id', pg_temp.id('authorization', @end - number), 'SessionId', pg_temp.id('session', @end - number),
                'Subject', pg_temp.id('user', @end - 1 - number / @perUser))) AS copy;
        INSERT INTO "SessionEvents" SELECT copy.* FROM (SELECT to_jsonb(row) AS one FROM "SessionEvents" AS row LIMIT 1) AS original, generate_series(1, @signIns) AS number,
            jsonb_populate_record(NULL::"SessionEvents", one || jsonb_build_object(
                'Id', pg_temp.id('event', @end - number), 'SessionId', pg_temp.id('session', @end - number),
                'AuthorizationId', pg_temp.id('authorization', @end - number))) AS copy;
        """;

    /// <summary>Requires that one sign-in exists already.</summary>
    /// <param name="users">How many users there are; by default one for each ten sign-ins.</param>
    public static async Task CopySignInAsync(string connectionString, int times, int? users = null)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var copy = new NpgsqlCommand(Sql, connection);
        copy.Parameters.AddWithValue("end", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        copy.Parameters.AddWithValue("users", users ?? (1 + (times / SignInsPerUser)));
        copy.Parameters.AddWithValue("signIns", times);
        copy.Parameters.AddWithValue("perUser", SignInsPerUser);
        await copy.ExecuteNonQueryAsync();

        // Otherwise PostgreSQL does this by itself in the middle of a round.
        foreach (var statement in new[] { "VACUUM (FREEZE, ANALYZE)", "CHECKPOINT" })
        {
            await using var tidy = new NpgsqlCommand(statement, connection);
            await tidy.ExecuteNonQueryAsync();
        }
    }
}
