namespace AuthServer.Keys;

/// <summary>The state of a key, in the order in which a key passes through them.</summary>
internal enum KeyState
{
    /// <summary>In the JWKS but not in use yet, so that cached copies of the JWKS contain the key before it signs.</summary>
    Announced,

    /// <summary>Signs or encrypts.</summary>
    Active,

    /// <summary>Still verifies or decrypts the tokens that it made.</summary>
    Retired,

    /// <summary>No longer valid for anything.</summary>
    Revoked,
}
