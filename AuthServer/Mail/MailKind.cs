namespace AuthServer.Mail;

/// <summary>The occasion of a mail. The names are stored in the database and are part of the keys of texts.</summary>
internal enum MailKind
{
    /// <summary>To the address of a new account.</summary>
    ConfirmEmail,
    ResetPassword,

    /// <summary>To somebody whom an administrator has added, or who is to choose a new password.</summary>
    Invitation,

    /// <summary>To the old address, which is asked first.</summary>
    EmailChangeApproval,

    /// <summary>To the new address, which has to be confirmed before the change takes effect.</summary>
    EmailChange,

    /// <summary>To the old address, after the change.</summary>
    EmailChanged,
    PasswordChanged,
    PasskeyAdded,
    PasskeyRemoved,
    AuthenticatorOn,
    AuthenticatorOff,
    NewRecoveryCodes,
    RecoveryCodeUsed,
    NewDevice,

    /// <summary>Somebody has the password but not the second factor.</summary>
    WrongCodes,

    /// <summary>An operator has removed the second factors and passkeys.</summary>
    FactorsReset,

    /// <summary>
    /// Somebody tried to register with the address of an account. The page must not say that it exists, but its owner may know.
    /// </summary>
    AccountExists,

    /// <summary>An app got permission from the person. The numbers of kinds are stored in letters: a new kind comes last.</summary>
    AppConnected,

    /// <summary>An administrator has changed the account or ended its sign-ins.</summary>
    ChangedByAdministrator,

    /// <summary>The person has followed the link "This wasn’t me".</summary>
    AccountSecured,

    /// <summary>An administrator acts as the person.</summary>
    Impersonated,
}
