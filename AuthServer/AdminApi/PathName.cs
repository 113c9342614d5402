namespace AuthServer.AdminApi;

/// <summary>A name in a path. The web server does not decode <c>%2F</c>, because a slash would begin another segment.</summary>
internal readonly record struct PathName(string Value)
{
    public static implicit operator string(PathName name) => name.Value;

    public static bool TryParse(string text, out PathName name)
    {
        name = new PathName(text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        return true;
    }

    public override string ToString() => Value;
}
