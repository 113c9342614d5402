using System.Reflection;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Hosting;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AuthServer.DatabaseTests.Data;

/// <summary>Tells errors that are answered with 503 and Retry-After from bugs.</summary>
public sealed class DatabaseErrorsTests
{
    [Theory]
    [InlineData(-2, "the command took too long")]
    [InlineData(1205, "it was chosen as the victim of a deadlock")]
    [InlineData(1222, "it waited too long for a lock")]
    [InlineData(8645, "no memory came free for the query")]
    [InlineData(9002, "the log is full")]
    [InlineData(1105, "the file is full")]
    [InlineData(4060, "the database cannot be opened")]
    [InlineData(18456, "the login failed, as during a shutdown")]
    [InlineData(6005, "the server is shutting down")]
    [InlineData(976, "the replica is not the primary")]
    [InlineData(3906, "the database may only be read")]
    [InlineData(10054, "the connection was reset")]
    [InlineData(40613, "Azure SQL: the database is not available")]
    [InlineData(49918, "Azure SQL: not enough resources")]
    public void SQL_Server_is_away_when(int number, string what) => Assert.True(Failure.IsDatabaseDown(SqlError(number, 16)), what);

    [Theory]
    [InlineData(207, "there is no such column")]
    [InlineData(208, "there is no such table")]
    [InlineData(229, "a permission is missing")]
    [InlineData(515, "a value is missing")]
    [InlineData(547, "a foreign key leads nowhere")]
    [InlineData(2601, "a row is there twice")]
    [InlineData(2627, "a key is there twice")]
    [InlineData(8152, "a text is too long")]
    public void SQL_Server_is_not_away_when(int number, string what) => Assert.False(Failure.IsDatabaseDown(SqlError(number, 16)), what);

    [Fact]
    public void SQL_Server_is_away_if_the_connection_ends_with_any_number() => Assert.True(Failure.IsDatabaseDown(SqlError(12345, 20)));

    [Theory]
    [InlineData("25006", true)]
    [InlineData("08006", true)]
    [InlineData("53300", true)]
    [InlineData("57P01", true)]
    [InlineData("57P02", true)]
    [InlineData("57P03", true)]
    [InlineData("57014", true)]
    [InlineData("40P01", true)]
    [InlineData("58030", true)]
    [InlineData("23505", false)]
    [InlineData("42P01", false)]
    [InlineData("42501", false)]
    [InlineData("22001", false)]
    public void PostgreSQL_is_away_by_its_state(string state, bool isAway) =>
        Assert.Equal(isAway, Failure.IsDatabaseDown(new DbUpdateException("", new PostgresException("x", "ERROR", "ERROR", state))));

    [Theory]
    [InlineData("Postgres", "Host=127.0.0.1,127.0.0.1;Port=1;Username=u;Target Session Attributes=primary", "suitable host")]
    [InlineData("SqlServer", "Server=127.0.0.1,1;User Id=u;Password=p;Encrypt=False", "")]
    [InlineData("Sqlite", "Data Source=/proc/nowhere/authserver.db", "")]
    public async Task Any_failure_to_open_a_connection_means_away(string provider, string connectionString, string says)
    {
        await using var node = new Node([("Database:Provider", provider), ("ConnectionStrings:AuthServer", connectionString)]);

        var exception = await Record.ExceptionAsync(() => node.DoAsync<AuthDbContext, int>(context => context.Sessions.CountAsync()));

        Assert.True(Failure.IsDatabaseDown(exception!), $"{exception}");
        Assert.Contains(says, exception!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exhausted_pool_means_away_on_each_provider()
    {
        // SqlClient throws an InvalidOperationException in this case.
        var exception = new InvalidOperationException("The timeout period elapsed prior to obtaining a connection from the pool.");
        Assert.False(Failure.IsDatabaseDown(exception));

        await using var node = new Node([("Database:Provider", "Sqlite"), ("ConnectionStrings:AuthServer", "Data Source=x")]);
        await node.DoAsync<AuthDbContext>(async context =>
        {
            var interceptor = new ConnectionFailures();
            await interceptor.ConnectionFailedAsync(
                context.Database.GetDbConnection(), Data(context, exception), TestContext.Current.CancellationToken);
        });

        Assert.True(Failure.IsDatabaseDown(exception));
    }

    private static Microsoft.EntityFrameworkCore.Diagnostics.ConnectionErrorEventData Data(DbContext context, Exception exception) =>
        new(
            null!,
            null!,
            context.Database.GetDbConnection(),
            context,
            Guid.Empty,
            exception,
            async: true,
            DateTimeOffset.UnixEpoch,
            TimeSpan.Zero);

    // SqlClient has no public constructor for it.
    private static SqlException SqlError(int number, byte severity)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;
        var error = typeof(SqlError).GetConstructors(Hidden).Select(constructor => (constructor, parameters: constructor.GetParameters()))
            .Where(
                candidate => candidate.parameters is [{ Name: "infoNumber" }, _, { ParameterType: var third }, ..] && third == typeof(byte))
            .OrderBy(candidate => candidate.parameters.Length)
            .Select(candidate => candidate.constructor.Invoke([.. candidate.parameters.Select(parameter => parameter.Name switch
            {
                "infoNumber" => number,
                "errorClass" => severity,
                _ when parameter.ParameterType == typeof(string) => "x",
                _ when parameter.ParameterType.IsValueType => Activator.CreateInstance(parameter.ParameterType),
                _ => null,
            })]))
            .First();
        var errors = (SqlErrorCollection)Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        typeof(SqlErrorCollection).GetMethod("Add", Hidden)!.Invoke(errors, [error]);
        return (SqlException)typeof(SqlException).GetMethod("CreateException", Hidden, [typeof(SqlErrorCollection), typeof(string)])!
            .Invoke(null, [errors, "16.0"])!;
    }
}
