using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AuthServer.CommandLine;

/// <summary>
/// The output of a <c>list</c> command: a table with headers, or one JSON array. It is written page by page, so that a long list needs no
/// more memory than a short one.
/// </summary>
/// <param name="cells">Makes the cells of one row, in the order of the headers.</param>
/// <param name="shape">Makes the JSON object of one row.</param>
internal sealed class Listing<T>(bool isJson, string[] headers, Func<T, string?[]> cells, Func<T, object> shape)
{
    private int[]? widths;
    private bool hasRows;

    public void Add(IReadOnlyList<T> page)
    {
        if (page.Count is 0)
        {
            return;
        }

        if (isJson)
        {
            foreach (var row in page)
            {
                Console.Write((hasRows ? "," : "[") + JsonSerializer.Serialize(shape(row), JsonSerializerOptions.Web));
                hasRows = true;
            }

            return;
        }

        string[][] rows = [.. page.Select(row => Array.ConvertAll(cells(row), TextFormat.Text))];
        if (widths is null)
        {
            // The first page sets the widths. A longer cell on a later page is not cut; it shifts the cells after it.
            widths = [.. headers.Select((header, column) => Math.Max(header.Length, rows.Max(row => Width(row[column]))))];
            Write(headers);
        }

        foreach (var row in rows)
        {
            Write(row);
        }
    }

    /// <summary>To be called after the last page.</summary>
    public void End()
    {
        if (isJson)
        {
            Console.WriteLine(hasRows ? "]" : "[]");
        }
    }

    private void Write(string[] row)
    {
        var line = new StringBuilder();
        for (var column = 0; column < row.Length; column++)
        {
            line.Append(row[column]).Append(' ', Math.Max(0, widths![column] - Width(row[column])) + 2);
        }

        Console.WriteLine(line.ToString().TrimEnd());
    }

    // A terminal shows Hangul and Chinese characters in two columns (Unicode Standard Annex 11) and combining marks in none.
    private static int Width(string text) => text.EnumerateRunes().Sum(rune => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => 0,
        _ => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF)
            or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1,
    });
}
