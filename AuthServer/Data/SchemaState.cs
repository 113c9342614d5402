namespace AuthServer.Data;

/// <summary>The migrations that a database has, compared with those of this program.</summary>
/// <param name="Pending">The program's migrations that the database lacks, oldest first.</param>
/// <param name="Unknown">The database's migrations that the program does not have.</param>
internal sealed record SchemaState(IReadOnlyList<string> Pending, IReadOnlyList<string> Unknown)
{
    /// <summary>
    /// True if the database is ahead of this program. The server still runs on it: nodes of the version before stay until they are
    /// replaced.
    /// </summary>
    public bool IsNewer => Pending.Count is 0 && Unknown.Count > 0;

    /// <summary>True if no migration leads from this database to this program's schema.</summary>
    public bool IsForeign => Pending.Count > 0 && Unknown.Count > 0;
}
