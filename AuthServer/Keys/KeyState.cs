namespace AuthServer.Keys;

/// <summary>What a key is for at an instant, in the order in which it happens to a key.</summary>
internal enum KeyState
{
    /// <summary>In the JWKS, so that whoever keeps a copy of that knows it before it signs.</summary>
    Announced,

    /// <summary>Signs or encrypts.</summary>
    Active,

    /// <summary>Still verifies or decrypts what it made.</summary>
    Retired,

    /// <summary>Worth nothing.</summary>
    Revoked,
}
