namespace AuthServer.Platform;

/// <summary>A position in the file. Both numbers count from 1.</summary>
internal readonly record struct Place(long Line, long Column);

/// <summary>A problem with the file itself, or with what it asks of this database.</summary>
internal sealed record PlatformProblem(Place Place, string Message)
{
    public string ToString(string file) => $"{file}:{Place.Line}:{Place.Column}: {Message}";
}
