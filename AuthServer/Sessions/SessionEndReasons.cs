namespace AuthServer.Sessions;

/// <summary>Why a session has ended, as it stands in the database and is told by <c>session show</c>.</summary>
internal static class SessionEndReasons
{
    /// <summary>A refresh token was used again after the leeway (RFC 9700 4.14.2).</summary>
    public const string Reuse = "refresh_token_reused";

    /// <summary>An authorization code was redeemed again (RFC 6749 4.1.2).</summary>
    public const string CodeReuse = "code_reused";

    /// <summary>The client revoked the refresh token (RFC 7009).</summary>
    public const string RevokedByClient = "revoked_by_client";

    /// <summary>An operator ended it: <c>session end</c>.</summary>
    public const string EndedByOperator = "ended_by_operator";

    /// <summary>The person signed out.</summary>
    public const string SignedOut = "signed_out";

    /// <summary>The person ended it from another device.</summary>
    public const string EndedByUser = "ended_by_user";

    /// <summary>The person took back what an app was allowed.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The person deleted the account.</summary>
    public const string AccountDeleted = "account_deleted";

    /// <summary>Another person signed in in the same browser.</summary>
    public const string Replaced = "replaced";

    /// <summary>An operator locked the account.</summary>
    public const string UserLocked = "user_locked";

    /// <summary>The password or another credential has changed.</summary>
    public const string CredentialsChanged = "credentials_changed";
}
