namespace SampleClient.Chapters.Device;

/// <summary>
/// The section <c>Device</c>: the identity of the command <c>device</c> at the issuer. See <see href="sign-in.md#devices">devices</see>.
/// </summary>
internal sealed class DeviceOptions
{
    public const string Section = "Device";

    /// <summary>
    /// The client identifier of a public app with the grant <c>urn:ietf:params:oauth:grant-type:device_code</c>. There is no secret,
    /// because everybody who has the program would have it too.
    /// </summary>
    /// <value default="none; required by the command `device`; in Development `terminal`"/>
    public string ClientId { get; set; } = "";

    /// <summary>The scopes that the command asks for.</summary>
    /// <value>scopes separated by spaces; <c>openid</c> must be among them</value>
    public string Scopes { get; set; } = "openid profile email users.read";

    internal string[] ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
