using AuthServer.Audit;

namespace AuthServer.Sessions;

/// <summary>Why a session has ended: the codes in the database, which <c>session show</c> prints.</summary>
internal static class SessionEndReasons
{
    /// <summary>A refresh token was used again after the leeway (RFC 9700 4.14.2).</summary>
    public const string Reuse = "refresh_token_reused";

    /// <summary>An authorization code was redeemed again (RFC 6749 4.1.2).</summary>
    public const string CodeReuse = "code_reused";

    /// <summary>The client revoked the refresh token (RFC 7009).</summary>
    public const string RevokedByClient = "revoked_by_client";

    /// <summary>An operator ended it, for example with <c>session end</c>.</summary>
    public const string EndedByOperator = "ended_by_operator";

    /// <summary>The user signed out.</summary>
    public const string SignedOut = "signed_out";

    /// <summary>The user ended it from another device.</summary>
    public const string EndedByUser = "ended_by_user";

    /// <summary>The user withdrew the access of an app.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The user or an operator deleted the account.</summary>
    public const string AccountDeleted = "account_deleted";

    /// <summary>Another user signed in in the same browser.</summary>
    public const string Replaced = "replaced";

    /// <summary>An operator locked the account.</summary>
    public const string UserDisabled = "user_locked";

    /// <summary>The password or another credential has changed.</summary>
    public const string CredentialsChanged = "credentials_changed";

    /// <summary>The administrator who acted as the user may not do so any more, or has signed out.</summary>
    public const string ImpersonationNotAllowed = "impersonation_not_allowed";

    /// <summary>The time for which an administrator could act as the user is over.</summary>
    public const string ImpersonationOver = "impersonation_over";

    /// <summary>The user has followed the link "This wasn’t me" of a mail.</summary>
    public const string NotMe = AuditReasons.NotMe;
}
