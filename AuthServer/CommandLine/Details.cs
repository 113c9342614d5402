using System.Text.Json;

namespace AuthServer.CommandLine;

/// <summary>Prints one object of a <c>show</c> command: one line for each member, or one JSON object.</summary>
internal static class Details
{
    /// <param name="isJson">True to write <paramref name="shape"/> instead of the lines.</param>
    /// <param name="lines">A line without a value is left out.</param>
    public static int Write(bool isJson, object shape, params (string Name, string? Value)[] lines)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(shape, JsonSerializerOptions.Web));
            return 0;
        }

        var width = lines.Max(line => line.Name.Length) + 2;
        foreach (var (name, value) in lines.Where(line => !string.IsNullOrEmpty(line.Value)))
        {
            Console.WriteLine(name.PadRight(width) + TextFormat.Text(value));
        }

        return 0;
    }
}
