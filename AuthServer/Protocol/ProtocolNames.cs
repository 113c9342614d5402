namespace AuthServer.Protocol;

/// <summary>Claims and parameters that OpenIddict has no constant for.</summary>
internal static class ProtocolNames
{
    /// <summary>The id of the session (OpenID Connect Front-Channel Logout 1.0, 3; Back-Channel Logout 1.0, 2.4).</summary>
    public const string SessionIdClaim = "sid";

    /// <summary>Who acts as the subject (RFC 8693 4.1).</summary>
    public const string ActorClaim = "act";

    /// <summary>Tells the authorize endpoint, on the way back from a page, that the user has declined.</summary>
    public const string DeniedParameter = "denied";

    /// <summary>A value of <c>prompt</c> (OpenID Connect Prompt Create 1.0, 4.1).</summary>
    public const string CreatePrompt = "create";
}
