namespace AuthServer.Account;

/// <summary>What happened to an account that its owner should know of.</summary>
internal enum AccountEventKind
{
    PasswordChanged,
    PasswordReset,
    EmailChanged,
    PasskeyAdded,
    PasskeyRemoved,
    AuthenticatorOn,
    AuthenticatorOff,
    NewRecoveryCodes,
    RecoveryCodeUsed,
}
