using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthServer.DatabaseTests.Data;

/// <summary>
/// Finds, in the model, what SQL Server refuses or truncates when the schema is created. No tool reports this without a server.
/// </summary>
internal static partial class SqlServerRules
{
    private const int ClusteredBytes = 900;
    private const int NonclusteredBytes = 1_700;
    private const int Unlimited = int.MaxValue;

    public static IReadOnlyList<string> Broken(DbContext context)
    {
        var tables = context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.ToList();
        return [.. tables.SelectMany(Keys).Select(TooWide).OfType<string>(), .. TwiceClustered(tables), .. CascadesTwice(tables)];
    }

    private sealed record Key(ITable Table, string Name, bool Clustered, IReadOnlyList<IColumn> Columns);

    private static IEnumerable<Key> Keys(ITable table) =>
    [
        .. table.UniqueConstraints.Select(key =>
            new Key(table, key.Name, key.MappedKeys.First().IsClustered() ?? key.GetIsPrimaryKey(), key.Columns)),
        .. table.Indexes.Select(index => new Key(table, index.Name, index.MappedIndexes.First().IsClustered() ?? false, index.Columns)),
    ];

    // Error 1919 for a column that can never be part of a key; 1944 and 1946 if a row is too wide for a key.
    private static string? TooWide(Key key)
    {
        var limit = key.Clustered ? ClusteredBytes : NonclusteredBytes;
        if (key.Columns.FirstOrDefault(column => Bytes(column.StoreType) is Unlimited) is { } column)
        {
            return $"{key.Name}: {column.Name} is {column.StoreType}";
        }

        var bytes = key.Columns.Sum(column => Bytes(column.StoreType));
        return bytes > limit ? $"{key.Name}: {bytes} bytes, {limit} at most" : null;
    }

    private static int Bytes(string storeType)
    {
        var type = StoreType().Match(storeType);
        var length = type.Groups["length"].Value switch
        {
            "" => 0,
            "max" => Unlimited,
            var text => int.Parse(text, CultureInfo.InvariantCulture),
        };
        return type.Groups["name"].Value switch
        {
            _ when length is Unlimited => Unlimited,
            "nvarchar" or "nchar" => 2 * length,
            "varchar" or "char" or "varbinary" or "binary" => length,
            "uniqueidentifier" => 16,
            "datetimeoffset" => 10,
            "bigint" or "datetime2" => 8,
            "int" => 4,
            "bit" => 1,
            _ => throw new NotSupportedException($"How wide is {storeType}?"),
        };
    }

    // Error 1902.
    private static IEnumerable<string> TwiceClustered(List<ITable> tables) =>
        tables.Where(table => Keys(table).Count(key => key.Clustered) > 1).Select(table => $"{table.Name}: more than one clustered key");

    // Error 1785: from one deleted row, cascades may reach each table in only one way.
    private static IEnumerable<string> CascadesTwice(List<ITable> tables) =>
        from start in tables
        from reached in Reached(start, [start]).GroupBy(table => table)
        where reached.Count() > 1 || reached.Key == start
        select $"{reached.Key.Name}: {reached.Count()} cascades from {start.Name}";

    private static IEnumerable<ITable> Reached(ITable table, HashSet<ITable> path) =>
        from key in table.ReferencingForeignKeyConstraints
        where key.OnDeleteAction is not (ReferentialAction.NoAction or ReferentialAction.Restrict)
        from reached in path.Contains(key.Table) ? [key.Table] : Reached(key.Table, [.. path, key.Table]).Prepend(key.Table)
        select reached;

    [GeneratedRegex(@"^(?<name>\w+)(\((?<length>\w+)\))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex StoreType();
}
