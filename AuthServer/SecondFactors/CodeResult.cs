namespace AuthServer.SecondFactors;

internal enum CodeOutcome
{
    Wrong,

    /// <summary>Wrong, and so many codes were wrong that the owner should be told.</summary>
    Alarming,

    /// <summary>Too many codes were wrong: no code of the app is checked for a day.</summary>
    Blocked,

    /// <summary>A right code of the authenticator app.</summary>
    OneTime,

    /// <summary>A right recovery code, which is used up now.</summary>
    Recovery,
}

/// <param name="IsRepeated">True if the same form brought the same code before, and it was right.</param>
internal readonly record struct CodeResult(CodeOutcome Outcome, bool IsRepeated = false);
