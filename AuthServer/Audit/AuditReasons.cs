namespace AuthServer.Audit;

/// <summary>Reasons of events that more than one feature knows. docs/audit.md explains them.</summary>
internal static class AuditReasons
{
    /// <summary>The person has signed in where they have never signed in before.</summary>
    public const string NewDevice = "new_device";

    /// <summary>An operator has removed all second factors and passkeys.</summary>
    public const string FactorsReset = "factors_reset";

    /// <summary>Done by the link "This wasn’t me" of a mail.</summary>
    public const string NotMe = "not_me";
}
