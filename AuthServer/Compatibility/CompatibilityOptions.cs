namespace AuthServer.Compatibility;

/// <summary>The section <c>Compatibility</c>: endpoints for apps that cannot be changed yet.</summary>
internal sealed class CompatibilityOptions
{
    public const string Section = "Compatibility";

    public const string Key = $"{Section}:{nameof(DjangoRestFrameworkJwt)}";

    /// <summary>
    /// Switches on the endpoints of <see href="django.md">DRF-JWT</see>. They act for this app, with its grants, scopes and lifetimes.
    /// Without it these endpoints do not exist.
    /// </summary>
    /// <value>the id of a public app with the grant <c>password</c></value>
    public string? DjangoRestFrameworkJwt { get; set; }
}
