using Npgsql;

namespace Bench;

/// <summary>Fills tables as years of use would: with copies of one sign-in, each a little older than the last.</summary>
internal static class Seeding
{
    private const int SignInsPerUser = 10;

    // As Guid.CreateVersion7 makes them, so that the copies lie before what is written from now on.
    private const string Sql =
        """
        CREATE FUNCTION pg_temp.id(salt text, number int) RETURNS uuid LANGUAGE sql AS $$
            SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 3600000 - number), 12, '0')
                || '7' || substr(md5(salt || number), 1, 3) || '8' || substr(md5(salt || number), 4, 15))::uuid
        $$;
        INSERT INTO "Users" SELECT copy.* FROM (SELECT * FROM "Users" LIMIT 1) AS one, generate_series(1, @users) AS number,
            jsonb_populate_record(one, jsonb_build_object(
                'Id', pg_temp.id('user', number),
                'UserName', 'user' || number, 'NormalizedUserName', 'USER' || number,
                'Email', number || '@example.test', 'NormalizedEmail', number || '@EXAMPLE.TEST')) AS copy;
        INSERT INTO "Sessions" SELECT copy.* FROM (SELECT * FROM "Sessions" LIMIT 1) AS one, generate_series(1, @signIns) AS number,
            jsonb_populate_record(one, jsonb_build_object(
                'Id', pg_temp.id('session', number), 'UserId', pg_temp.id('user', 1 + number / @perUser))) AS copy;
        INSERT INTO "Authorizations" SELECT copy.* FROM (SELECT * FROM "Authorizations" LIMIT 1) AS one, generate_series(1, @signIns) AS number,
            jsonb_populate_record(one, jsonb_build_object(
                'Id', pg_temp.id('authorization', number), 'SessionId', pg_temp.id('session', number),
                'Subject', pg_temp.id('user', 1 + number / @perUser))) AS copy;
        INSERT INTO "SessionEvents" SELECT copy.* FROM (SELECT * FROM "SessionEvents" LIMIT 1) AS one, generate_series(1, @signIns) AS number,
            jsonb_populate_record(one, jsonb_build_object(
                'Id', pg_temp.id('event', number), 'SessionId', pg_temp.id('session', number),
                'AuthorizationId', pg_temp.id('authorization', number))) AS copy;
        """;

    /// <summary>There must be one sign-in already.</summary>
    public static async Task CopySignInAsync(string connectionString, int times)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var copy = new NpgsqlCommand(Sql, connection);
        copy.Parameters.AddWithValue("users", 1 + (times / SignInsPerUser));
        copy.Parameters.AddWithValue("signIns", times);
        copy.Parameters.AddWithValue("perUser", SignInsPerUser);
        await copy.ExecuteNonQueryAsync();

        // Or else PostgreSQL does it by itself, in the middle of a round.
        foreach (var statement in new[] { "VACUUM (FREEZE, ANALYZE)", "CHECKPOINT" })
        {
            await using var tidy = new NpgsqlCommand(statement, connection);
            await tidy.ExecuteNonQueryAsync();
        }
    }
}
