using System.Reflection;

namespace AuthServer.Audit;

/// <summary>The kinds of things that an event can be about.</summary>
internal static class AuditTargets
{
    public const string User = "user";
    public const string Client = "client";
    public const string Scope = "scope";
    public const string Role = "role";
    public const string Session = "session";
    public const string Key = "key";
    public const string Mail = "mail";
    public const string Token = "token";
}

/// <summary>
/// The closed list of actions. docs/audit.md explains each of them. <see cref="ClassOf"/> decides how long an event is kept.
/// </summary>
internal static class AuditActions
{
    public const string SignInPassed = "sign_in.passed";
    public const string SignInRefused = "sign_in.refused";
    public const string SignInSteppedUp = "sign_in.stepped_up";
    public const string SessionEnded = "session.ended";
    public const string AppSignedIn = "session.app_signed_in";
    public const string AppSignedOut = "session.app_signed_out";
    public const string AppNotTold = "session.app_not_told";
    public const string TokenRevoked = "token.revoked";

    public const string UserCreated = "user.created";
    public const string UserDeleted = "user.deleted";
    public const string UserDisabled = "user.disabled";
    public const string UserEnabled = "user.enabled";
    public const string UserLocked = "user.locked";
    public const string UserUnlocked = "user.unlocked";
    public const string UserChanged = "user.changed";
    public const string UserRoleGiven = "user.role_given";
    public const string UserRoleTaken = "user.role_taken";
    public const string PasswordChanged = "user.password_changed";
    public const string PasswordReset = "user.password_reset";
    public const string PasswordRemoved = "user.password_removed";
    public const string EmailChanged = "user.email_changed";
    public const string EmailConfirmed = "user.email_confirmed";
    public const string AuthenticatorAdded = "user.authenticator_added";
    public const string AuthenticatorRemoved = "user.authenticator_removed";
    public const string RecoveryCodesReplaced = "user.recovery_codes_replaced";
    public const string RecoveryCodeUsed = "user.recovery_code_used";
    public const string RecoveryCodesRemoved = "user.recovery_codes_removed";
    public const string PasskeyAdded = "user.passkey_added";
    public const string PasskeyRenamed = "user.passkey_renamed";
    public const string PasskeyRemoved = "user.passkey_removed";
    public const string BrowserRemembered = "user.browser_remembered";
    public const string BrowserForgotten = "user.browser_forgotten";
    public const string DataExported = "user.data_exported";
    public const string AccountSecured = "user.secured";
    public const string ImpersonationOffered = "impersonation.offered";
    public const string ImpersonationStarted = "impersonation.started";
    public const string ImpersonationEnded = "impersonation.ended";
    public const string ConsentGiven = "consent.given";
    public const string ConsentWithdrawn = "consent.withdrawn";
    public const string DeviceApproved = "device.approved";
    public const string DeviceRefused = "device.refused";

    public const string ClientCreated = "client.created";
    public const string ClientChanged = "client.changed";
    public const string ClientDeleted = "client.deleted";
    public const string ClientDisabled = "client.disabled";
    public const string ClientEnabled = "client.enabled";
    public const string ClientSecretRotated = "client.secret_rotated";
    public const string ClientSecretAdded = "client.secret_added";
    public const string ClientSecretRemoved = "client.secret_removed";
    public const string ScopeCreated = "scope.created";
    public const string ScopeChanged = "scope.changed";
    public const string ScopeDeleted = "scope.deleted";
    public const string RoleCreated = "role.created";
    public const string RoleChanged = "role.changed";
    public const string RoleDeleted = "role.deleted";
    public const string RolePermissionGiven = "role.permission_given";
    public const string RolePermissionTaken = "role.permission_taken";

    public const string KeyCreated = "key.created";
    public const string KeyMovedUp = "key.moved_up";
    public const string KeyRevoked = "key.revoked";
    public const string KeyDeleted = "key.deleted";

    public const string MailSent = "mail.sent";
    public const string MailRefused = "mail.refused";
    public const string MailGivenUp = "mail.given_up";

    /// <summary>Every action, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(AuditActions).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Sign-ins and mails, and what anybody can cause often, are many and soon uninteresting. Changes are few and kept long.
    /// </summary>
    public static AuditClass ClassOf(string action) =>
        action.StartsWith("sign_in.", StringComparison.Ordinal)
        || action.StartsWith("session.", StringComparison.Ordinal)
        || action.StartsWith("mail.", StringComparison.Ordinal)
        || action.StartsWith("device.", StringComparison.Ordinal)
        || action is TokenRevoked or UserLocked or UserUnlocked or BrowserRemembered or BrowserForgotten
            ? AuditClass.Activity
            : AuditClass.Change;
}

/// <summary>Events of one class are kept equally long: see <c>AuditOptions</c>.</summary>
internal enum AuditClass
{
    /// <summary>Accounts, apps, keys.</summary>
    Change,

    /// <summary>Sign-ins, their ends, mails.</summary>
    Activity,
}
