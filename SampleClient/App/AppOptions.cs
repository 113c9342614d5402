namespace SampleClient.App;

/// <summary>Section <c>App</c>: which app this is. The same program is run once for each.</summary>
internal sealed class AppOptions
{
    /// <summary>Shown to people, and the prefix of every cookie, which all ports of localhost share. Required, up to 32 letters, digits and hyphens.</summary>
    public string Name { get; set; } = "";

    /// <summary>The client identifier that the issuer knows this app by. Required.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The client secret. Required. It comes from the environment or a secret store, never from a file in the repository.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>What is asked for at sign-in, separated by spaces. <c>openid</c> tells who signed in, <c>offline_access</c> brings a refresh token.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>Where sessions and the keys that protect them are kept. Required; created when missing; relative to the content root.</summary>
    public string DataDirectory { get; set; } = "";

    internal bool NameIsUsable
        => Name.Length is > 0 and <= 32 && Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-');

    internal string[] ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
