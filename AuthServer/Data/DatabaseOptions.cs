namespace AuthServer.Data;

internal enum DatabaseProvider
{
    /// <summary>Embedded, one node: nothing to install.</summary>
    Sqlite,

    SqlServer,

    Postgres,
}

/// <summary>The section <c>Database</c>. The connection string is <c>ConnectionStrings:AuthServer</c>.</summary>
internal sealed class DatabaseOptions
{
    public const string Section = "Database";
    public const string ConnectionStringName = "AuthServer";

    /// <summary>For SQLite; the file lies in the folder that the program is started in.</summary>
    public const string DefaultConnectionString = "Data Source=data/authserver.db";

    /// <summary>Default: <see cref="DatabaseProvider.Sqlite"/>.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>Whether the server brings the schema up to date before it listens. Default: yes on SQLite, no elsewhere, where <c>AuthServer migrate</c> does.</summary>
    public bool? MigrateOnStart { get; set; }

    /// <summary>SQLite only: <c>synchronous=FULL</c>, which survives a power cut without losing the last commits. Default: no (NORMAL).</summary>
    public bool SynchronousFull { get; set; }

    /// <summary>Not bound from the section: see <see cref="ConnectionStringName"/>.</summary>
    public string ConnectionString { get; internal set; } = "";

    public bool MigratesOnStart => MigrateOnStart ?? Provider is DatabaseProvider.Sqlite;
}
