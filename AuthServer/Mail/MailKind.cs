namespace AuthServer.Mail;

/// <summary>What a mail is about. The names are those of the texts, and lie in the database.</summary>
internal enum MailKind
{
    /// <summary>To the address of a new account.</summary>
    ConfirmEmail,
    ResetPassword,

    /// <summary>To the old address, which is asked first.</summary>
    EmailChangeApproval,

    /// <summary>To the new address, which has to be confirmed before it counts.</summary>
    EmailChange,

    /// <summary>To the old address, when the new one counts.</summary>
    EmailChanged,
    PasswordChanged,
    PasskeyAdded,
    PasskeyRemoved,
    AuthenticatorOn,
    AuthenticatorOff,
    NewRecoveryCodes,
    RecoveryCodeUsed,
    NewDevice,

    /// <summary>Somebody has the password and not the second factor.</summary>
    WrongCodes,

    /// <summary>An operator has removed the second factors and passkeys.</summary>
    FactorsReset,

    /// <summary>Somebody tried to register with this address: the page must not say so, its owner may know.</summary>
    AccountExists,
}
