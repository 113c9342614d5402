namespace AuthServer.SecondFactors;

internal enum CodeOutcome
{
    Wrong,

    /// <summary>Wrong, and one of so many that the owner should hear of it.</summary>
    Alarming,

    /// <summary>There were too many: no code of the app is looked at until tomorrow.</summary>
    Blocked,

    /// <summary>The authenticator app's.</summary>
    OneTime,

    /// <summary>One of the recovery codes, which is gone now.</summary>
    Recovery,
}

/// <param name="IsRepeated">The same form has brought the same code before, and it was right.</param>
internal readonly record struct CodeResult(CodeOutcome Outcome, bool IsRepeated = false);
