using System.Globalization;
using System.Text;

namespace House.Folders;

/// <summary>The picture of <c>docs/architecture.md</c>: the floors of AuthServer's folders, the highest at the top.</summary>
internal static class FloorsPicture
{
    private const int Width = 800, RowHeight = 48, BoxWidth = 150, BoxHeight = 34, Gap = 12;

    public static Document Document { get; } = new("docs/images/floors.svg", () => Draw(Floors.Of(Arrows.Of("AuthServer"))));

    private static string Draw(IReadOnlyList<IReadOnlyList<string>> floors)
    {
        // The highest floors know every folder.
        var rows = floors.Append(["CommandLine", "Data", "Program.cs"]).Reverse().ToList();
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
            + $"{Width} {rows.Count * RowHeight}\" font-family=\"sans-serif\" font-size=\"15\" text-anchor=\"middle\">\n");
        svg.Append("  <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (var row = 0; row < rows.Count; row++)
        {
            var left = (Width - (rows[row].Count * (BoxWidth + Gap)) + Gap) / 2;
            var top = (row * RowHeight) + ((RowHeight - BoxHeight) / 2);
            foreach (var folder in rows[row])
            {
                svg.Append(CultureInfo.InvariantCulture, $"  <rect x=\"{left}\" y=\"{top}\" width=\"{BoxWidth}\" "
                    + $"height=\"{BoxHeight}\" rx=\"6\" fill=\"#eef2f7\" stroke=\"#5b6b7f\"/>\n");
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"  <text x=\"{left + (BoxWidth / 2)}\" y=\"{top + 22}\" fill=\"#1b2430\">{folder}</text>\n");
                left += BoxWidth + Gap;
            }
        }

        return svg.Append("</svg>\n").ToString();
    }
}
