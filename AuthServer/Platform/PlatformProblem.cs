namespace AuthServer.Platform;

/// <summary>Where something stands in the file; both count from 1.</summary>
internal readonly record struct Place(long Line, long Column);

/// <summary>What is wrong with the file, or with what it asks of this database.</summary>
internal sealed record PlatformProblem(Place Place, string Message)
{
    public string ToString(string file) => $"{file}:{Place.Line}:{Place.Column}: {Message}";
}
