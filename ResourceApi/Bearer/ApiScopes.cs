namespace ResourceApi.Bearer;

/// <summary>The scopes of this API. The issuer's platform file declares the same names for it.</summary>
internal static class ApiScopes
{
    public const string UsersRead = "users.read";
    public const string NotesRead = "notes.read";
    public const string NotesWrite = "notes.write";

    public static string[] All { get; } = [UsersRead, NotesRead, NotesWrite];
}
