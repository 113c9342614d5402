namespace SampleClient.App;

/// <summary>The section <c>App</c>: the identity of this app. The same program runs once for each app.</summary>
internal sealed class AppOptions
{
    public const string Section = "App";

    /// <summary>
    /// The name that people see, and the prefix of every cookie. All ports of one host share their cookies, so two apps on one host need
    /// two names.
    /// </summary>
    /// <value default="none; required">1 to 32 of <c>A-Z</c> <c>a-z</c> <c>0-9</c> <c>-</c></value>
    public string Name { get; set; } = "";

    /// <summary>
    /// The client identifier of this app at the issuer. The addresses <c>/account/callback</c>, <c>/account/signedout</c> and
    /// <c>/account/backchannel-logout</c> have to be registered there.
    /// </summary>
    /// <value default="none; required"/>
    public string ClientId { get; set; } = "";

    /// <summary>The client secret. It comes from the environment or a secret store, never from a file in the repository.</summary>
    /// <value default="none; required"/>
    public string ClientSecret { get; set; } = "";

    /// <summary>
    /// The scopes that the app asks for at sign-in. <c>openid</c> tells who signed in; <c>offline_access</c> brings a refresh token. If the
    /// issuer does not allow the app one of them, nobody can sign in.
    /// </summary>
    /// <value>scopes separated by spaces; <c>openid</c> must be among them</value>
    public string Scopes { get; set; } = "openid profile email roles offline_access users.read notes.read notes.write";

    /// <summary>
    /// Where the sessions are kept, and the keys that protect them. A missing folder is created so that only this account can read it. The
    /// path is relative to the content root.
    /// </summary>
    /// <value default="none; required">a folder that the app can write to</value>
    public string DataDirectory { get; set; } = "";

    /// <summary>
    /// Allows cookies over plain http outside Development. It is for an app that people reach at an http address other than localhost.
    /// Without it cookies are <c>Secure</c>, and browsers keep them on https and on <c>http://localhost</c> only.
    /// </summary>
    public bool AllowPlainHttpCookies { get; set; }

    internal string[] ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
