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

    /// <summary>
    /// What is asked for at sign-in, separated by spaces. Default: all that the demo has. <c>openid</c>, which tells who
    /// signed in, must be among them; <c>offline_access</c> brings a refresh token.
    /// </summary>
    public string Scopes { get; set; } = "openid profile email roles offline_access users.read notes.read notes.write";

    /// <summary>Where sessions and the keys that protect them are kept. Required; created when missing; relative to the content root.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>
    /// Lets cookies go over plain http outside Development too. Default: false. For an app that people reach at an http address
    /// other than localhost, where browsers do not keep cookies that are for https only.
    /// </summary>
    public bool AllowPlainHttpCookies { get; set; }

    internal bool NameIsUsable
        => Name.Length is > 0 and <= 32 && Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-');

    internal string[] ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
