namespace SampleClient.Device;

/// <summary>Section <c>Device</c>: the app that the command <c>device</c> is to the issuer. A public one, with the grant device_code.</summary>
internal sealed class DeviceOptions
{
    /// <summary>The client identifier. Required. There is no secret: whoever has the program would have it too.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>What is asked for, separated by spaces. <c>openid</c> must be among them.</summary>
    public string Scopes { get; set; } = "openid profile email users.read";

    internal string[] ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
