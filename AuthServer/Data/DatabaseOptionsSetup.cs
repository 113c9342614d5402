using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthServer.Data;

/// <summary>Adds the connection string to <see cref="DatabaseOptions"/> and judges it before anything connects.</summary>
internal sealed class DatabaseOptionsSetup(IConfiguration configuration)
    : IConfigureOptions<DatabaseOptions>, IValidateOptions<DatabaseOptions>
{
    private const string ConnectionStringKey = $"ConnectionStrings:{DatabaseOptions.ConnectionStringName}";
    private const string ProviderKey = $"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}";

    public void Configure(DatabaseOptions options)
    {
        options.ConnectionString = configuration.GetConnectionString(DatabaseOptions.ConnectionStringName) ?? "";

        // Settings tells that it is wrong; the connection string must not be judged by a provider that was not meant.
        if (configuration[ProviderKey] is { Length: > 0 } name && !Enum.TryParse<DatabaseProvider>(name, ignoreCase: true, out _))
        {
            options.Provider = (DatabaseProvider)(-1);
        }
    }

    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            failures.Add($"{ConnectionStringKey} is missing.");
        }
        else if (Enum.IsDefined(options.Provider) && !IsWellFormed(options))
        {
            failures.Add($"{ConnectionStringKey} is not a connection string that {options.Provider} understands.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsWellFormed(DatabaseOptions options)
    {
        try
        {
            DbConnectionStringBuilder _ = options.Provider switch
            {
                DatabaseProvider.SqlServer => new SqlConnectionStringBuilder(options.ConnectionString),
                DatabaseProvider.Postgres => new NpgsqlConnectionStringBuilder(options.ConnectionString),
                _ => new SqliteConnectionStringBuilder(options.ConnectionString),
            };
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
