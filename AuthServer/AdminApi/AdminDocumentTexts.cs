namespace AuthServer.AdminApi;

/// <summary>What the document says about groups of operations, and about parameters that many operations have.</summary>
internal static class AdminDocumentTexts
{
    /// <summary>By tag.</summary>
    public static IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Me"] = "The caller.",
        ["Users"] = "People, with what they sign in with, what they have allowed apps, and what happened to them.",
        ["Sessions"] = "Sign-ins: their lineage, and their end.",
        ["Bulk"] = "The same change of many people or sign-ins: a preview, then steps.",
        ["Roles"] = "Roles, and what they allow in this API.",
        ["Apps"] = "The registered apps and their secrets.",
        ["Scopes"] = "The scopes of APIs.",
        ["Keys"] = "The keys that sign and encrypt tokens.",
        ["Audit"] = "Who did what, and when.",
        ["Outbox"] = "Mails and logout notices that wait to be sent.",
        ["Platform"] = "Everything that a platform file can say.",
    };

    // By the last part of the path before the parameter, and by name.
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["users/{id}"] = "The user: the `sub` of tokens.",
        ["roles/{role}"] = "The name of the role.",
        ["passkeys/{passkeyId}"] = "The credential id in base64url.",
        ["consents/{app}"] = "The app: its `client_id`.",
        ["sessions/{id}"] = "The sign-in: the `sid` of tokens.",
        ["users:bulk/{digest}"] = "The digest of the preview.",
        ["sessions:bulk/{digest}"] = "The digest of the preview.",
        ["roles/{name}"] = "The name of the role.",
        ["apps/{id}"] = "The app: its `client_id`. A slash in it is sent as `%2F`.",
        ["secrets/{secretId}"] = "The secret, by the id of the list.",
        ["scopes/{name}"] = "The name of the scope. A slash in it is sent as `%2F`.",
        ["keys/{kid}"] = "The `kid` of the key.",
        ["mails/{id}"] = "The mail.",
        ["logout-notices/{id}"] = "The notice.",
        ["cursor"] = "Where the page begins: `next` of the page before. Without it, at the beginning.",
        ["limit"] = $"How many items a page has at most: 1 to {Paging.GreatestLimit}, without it {Paging.DefaultLimit}.",
    };

    /// <returns>Null for a parameter that only one operation has.</returns>
    public static string? OfParameter(string path, string name)
    {
        var place = path.IndexOf("/{" + name, StringComparison.Ordinal);
        return Parameters.GetValueOrDefault(place < 0 ? name : $"{path[..place].Split('/')[^1]}/{{{name}}}");
    }
}
