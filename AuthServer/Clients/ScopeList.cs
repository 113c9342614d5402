using System.Collections.Immutable;
using System.Text.Json;

namespace AuthServer.Clients;

/// <summary>The column <c>Scopes</c> of an authorization, which OpenIddict keeps as a JSON array.</summary>
internal static class ScopeList
{
    public static ImmutableArray<string> Read(string? json) => json is null ? [] : JsonSerializer.Deserialize<ImmutableArray<string>>(json);

    public static string Write(IEnumerable<string> scopes) => JsonSerializer.Serialize(scopes);
}
