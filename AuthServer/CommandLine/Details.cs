using System.Text.Json;

namespace AuthServer.CommandLine;

/// <summary>What a command shows of one thing: a line a member, or one JSON object.</summary>
internal static class Details
{
    /// <param name="isJson">Whether <paramref name="shape"/> is written in place of the lines.</param>
    /// <param name="lines">Without those that have no value.</param>
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
            Console.WriteLine(name.PadRight(width) + Plain.Text(value));
        }

        return 0;
    }
}
