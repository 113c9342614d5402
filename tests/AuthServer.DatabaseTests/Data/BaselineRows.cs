using System.Globalization;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.DatabaseTests.Data;

/// <summary>
/// Fills every table with rows that come from the columns' types alone. Row 1 has a value in each column; row 2 has NULL where a column
/// allows it. A foreign key has the value of its principal's row of the same number.
/// </summary>
internal static class BaselineRows
{
    public static async Task InsertAsync(AuthDbContext context, IReadOnlyList<ITable> tables)
    {
        foreach (var table in PrincipalsFirst(tables))
        {
            await InsertAsync(context, table, number: 1);
            await InsertAsync(context, table, number: 2);
        }
    }

    private static async Task InsertAsync(AuthDbContext context, ITable table, int number)
    {
        var names = context.GetService<ISqlGenerationHelper>();
        var columns = table.Columns.Where(column => !IsGenerated(column)).ToList();
        var delimited = columns.Select(column => names.DelimitIdentifier(column.Name));
        var values = columns.Select(column => column.IsNullable && number is 2 ? "NULL" : Literal(column, number));

        // No format string: a literal of JSON has braces.
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText =
            $"INSERT INTO {names.DelimitIdentifier(table.Name)} ({string.Join(", ", delimited)}) "
            + $"VALUES ({string.Join(", ", values)})";
        await command.ExecuteNonQueryAsync();
    }

    // A number that the database counts. No foreign key refers to one.
    private static bool IsGenerated(IColumn column) => column.PropertyMappings is [{ Property: var property }, ..]
        && property.ValueGenerated is ValueGenerated.OnAdd && (property.ClrType == typeof(int) || property.ClrType == typeof(long));

    private static string Literal(IColumn column, int number)
    {
        var mapping = column.StoreTypeMapping;
        return column.PropertyMappings.Any()
            ? mapping.GenerateSqlLiteral(Value(column, mapping, number))
            : $$"""'{"Name": "{{number}}"}'""";
    }

    // The principal's column has the same type, and so the same value.
    private static object Value(IColumn column, RelationalTypeMapping mapping, int number) => mapping.ClrType switch
    {
        var type when type == typeof(string) => Text(number, mapping.Size),
        var type when type == typeof(Guid) => new Guid(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1),
        var type when type == typeof(bool) => true,
        var type when type == typeof(byte[]) => new byte[] { 0, 255, (byte)number },
        var type when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch.AddDays(number).AddMicroseconds(number),
        var type when type == typeof(DateTime) => DateTime.UnixEpoch.AddDays(number),
        var type when type == typeof(TimeSpan) => TimeSpan.FromMinutes(number),
        var type when type.IsPrimitive => Convert.ChangeType(number, type, CultureInfo.InvariantCulture),
        var type => throw new NotSupportedException($"{column.Table.Name}.{column.Name} is of {type}, for which this method needs a case."),
    };

    private static string Text(int number, int? size)
    {
        var text = $"{number} é'\"{{}}한";
        return size < text.Length ? text[..size.Value] : text;
    }

    private static List<ITable> PrincipalsFirst(IReadOnlyList<ITable> tables)
    {
        var sorted = new List<ITable>();
        while (sorted.Count < tables.Count)
        {
            var next = tables.Except(sorted)
                .Where(table => table.ForeignKeyConstraints.All(key => key.PrincipalTable == table || sorted.Contains(key.PrincipalTable)))
                .ToList();
            sorted.AddRange(next.Count > 0 ? next : throw new NotSupportedException("Tables refer to each other in a circle."));
        }

        return sorted;
    }
}
