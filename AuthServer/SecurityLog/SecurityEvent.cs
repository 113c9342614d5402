using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.SecurityLog;

/// <summary>An outcome that an operator, or a program that reads the log, should know about.</summary>
/// <param name="Kind">One of <see cref="SecurityEventKinds"/>.</param>
/// <param name="Code">A code of <see cref="RefusalCodes"/>; empty for a success.</param>
/// <param name="Reason">Text of this program, never of a request.</param>
/// <param name="Subject">The account, if it is known.</param>
/// <param name="Typed">The typed name, if no account has it. It may be a password, so only a keyed hash of it is logged.</param>
internal sealed record SecurityEvent(string Kind, string Code, string Reason, Guid? Subject = null, string? Typed = null)
{
    /// <summary>False for a success.</summary>
    public bool IsRefusal { get; init; } = true;
}

/// <summary>
/// The values of the property <c>SecurityEvent</c>. docs/security-log.md documents them, and operators write filters for them.
/// </summary>
internal static class SecurityEventKinds
{
    public const string SignedIn = "signed-in";
    public const string PasswordRefused = "password-refused";
    public const string CodeRefused = "code-refused";
    public const string PasskeyRefused = "passkey-refused";
    public const string DeviceCodeRefused = "device-code-refused";
    public const string SignInThrottled = "sign-in-throttled";
    public const string RequestThrottled = "request-throttled";
    public const string ClientRefused = "client-refused";
    public const string RequestRefused = "request-refused";
    public const string RefreshTokenReused = "refresh-token-reused";
    public const string CodeReused = "authorization-code-reused";

    /// <returns>The method (RFC 8176) of a failed attempt to sign in; null for a refusal that is none.</returns>
    public static string? MethodOf(string kind) => kind switch
    {
        PasswordRefused => AuthenticationMethodReferences.Password,
        CodeRefused => AuthenticationMethodReferences.OneTimePassword,
        PasskeyRefused => AuthenticationLevel.ProofOfPossession,
        _ => null,
    };
}

/// <summary>Why something was refused: the reasons of <c>sign_in.refused</c> in the audit. docs/audit.md documents them.</summary>
internal static class RefusalCodes
{
    public const string UnknownAccount = "unknown_account";
    public const string WrongPassword = "wrong_password";
    public const string Locked = "locked";
    public const string Disabled = "disabled";
    public const string WrongCode = "wrong_code";
    public const string CodesBlocked = "codes_blocked";
    public const string WrongDeviceCode = "wrong_device_code";
    public const string PasskeyRefused = "passkey_refused";
    public const string SecondFactorMissing = "second_factor_missing";
    public const string Throttled = "throttled";
    public const string RefreshTokenReused = "refresh_token_reused";
    public const string CodeReused = "code_reused";
    public const string ClientRefused = "client_refused";
    public const string RequestRefused = "request_refused";
}
