namespace AuthServer.Data;

internal enum DatabaseProvider
{
    /// <summary>Embedded, for one node. Nothing has to be installed.</summary>
    Sqlite,

    SqlServer,

    Postgres,
}

/// <summary>
/// The section <c>Database</c>: the kind of <see href="databases.md">database</see>. The connection string is
/// <c>ConnectionStrings:AuthServer</c>.
/// </summary>
internal sealed class DatabaseOptions
{
    public const string Section = "Database";
    public const string ConnectionStringName = "AuthServer";

    /// <summary>For SQLite. The path is relative to the folder in which the program is started.</summary>
    public const string DefaultConnectionString = "Data Source=data/authserver.db";

    /// <summary>The kind of database. SQLite serves one node; several nodes need one of the others.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>
    /// Whether the server brings the schema up to date before it listens. Where it does not, <c>AuthServer migrate</c> does.
    /// </summary>
    /// <value default="`true` on SQLite, `false` on the others"/>
    public bool? MigrateOnStart { get; set; }

    /// <summary>
    /// SQLite only: <c>synchronous=FULL</c> in place of <c>NORMAL</c>. No commit is lost in a power cut, and each commit costs more.
    /// </summary>
    public bool SynchronousFull { get; set; }

    /// <summary>Not bound from the section: see <see cref="ConnectionStringName"/>.</summary>
    public string ConnectionString { get; internal set; } = "";

    public bool MigratesOnStart => MigrateOnStart ?? Provider is DatabaseProvider.Sqlite;
}
