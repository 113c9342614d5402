using System.Globalization;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.DatabaseTests.Data;

/// <summary>The rows of some tables, as text.</summary>
internal static class TableContents
{
    /// <returns>One line for each row: the table, then the value of each column. In the order of the alphabet.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(AuthDbContext context, IReadOnlyList<ITable> tables)
    {
        var lines = new List<string>();
        foreach (var table in tables)
        {
            lines.AddRange(await ReadAsync(context, table));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public static async Task<IReadOnlyList<string>> ReadAsync(AuthDbContext context, ITable table)
    {
        var names = context.GetService<ISqlGenerationHelper>();
        var columns = table.Columns.Select(column => column.Name).ToList();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText =
            $"SELECT {string.Join(", ", columns.Select(names.DelimitIdentifier))} FROM {names.DelimitIdentifier(table.Name)}";
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add($"{table.Name}: {string.Join(", ", columns.Select((column, index) => $"{column}={Text(reader.GetValue(index))}"))}");
        }

        return lines;
    }

    private static string Text(object value) => value switch
    {
        DBNull => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        _ => $"'{Convert.ToString(value, CultureInfo.InvariantCulture)}'",
    };
}
