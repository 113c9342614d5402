using System.Runtime.CompilerServices;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthServer.Data;

/// <summary>Adds the connection string to <see cref="DatabaseOptions"/> and validates it before anything connects.</summary>
internal sealed class DatabaseOptionsSetup(IConfiguration configuration)
    : IConfigureOptions<DatabaseOptions>, IValidateOptions<DatabaseOptions>
{
    private const string ConnectionStringKey = $"ConnectionStrings:{DatabaseOptions.ConnectionStringName}";
    private const string ProviderKey = $"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}";

    public void Configure(DatabaseOptions options)
    {
        options.ConnectionString = configuration.GetConnectionString(DatabaseOptions.ConnectionStringName) ?? "";
        if (configuration[ProviderKey] is { Length: > 0 } name)
        {
            // Settings reports a wrong name. The connection string must not be validated for a provider that the operator did not mean.
            options.Provider = Enum.TryParse<DatabaseProvider>(name, ignoreCase: true, out var provider) && Enum.IsDefined(provider)
                ? provider
                : (DatabaseProvider)(-1);
        }

        if (options.ConnectionString.Length is 0 && options.Provider is DatabaseProvider.Sqlite)
        {
            options.ConnectionString = DatabaseOptions.DefaultConnectionString;
        }
    }

    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            failures.Add($"{ConnectionStringKey} is missing.");
        }
        else if (Enum.IsDefined(options.Provider) && Problem(options) is { } problem)
        {
            failures.Add($"{ConnectionStringKey} {problem}");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // The connection string itself stays out of the message: it may hold a password.
    private static string? Problem(DatabaseOptions options)
    {
        try
        {
            return options.Provider switch
            {
                DatabaseProvider.SqlServer => SqlServerProblem(options.ConnectionString),
                DatabaseProvider.Postgres => PostgresProblem(options.ConnectionString),
                _ => SqliteProblem(options.ConnectionString),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return $"is not a connection string that {options.Provider} understands.";
        }
    }

    private static string? Nameless(string? server, string keyword) =>
        string.IsNullOrWhiteSpace(server) ? $"names no server: it has no '{keyword}='." : null;

    // One method for each provider, so that a server loads only the driver that it uses.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? SqlServerProblem(string text) => Nameless(new SqlConnectionStringBuilder(text).DataSource, "Server");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? PostgresProblem(string text) => Nameless(new NpgsqlConnectionStringBuilder(text).Host, "Host");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? SqliteProblem(string text) => new SqliteConnectionStringBuilder(text) switch
    {
        { DataSource: "" or ":memory:" } or { Mode: SqliteOpenMode.Memory } =>
            "names no file: an in-memory database is lost with its connection.",
        { Mode: SqliteOpenMode.ReadOnly } => "opens the file read-only; the server writes at every sign-in.",
        { DataSource: var source } when source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) => "has a 'file:' URI; give a path.",
        _ => null,
    };
}
