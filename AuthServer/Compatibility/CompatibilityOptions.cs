namespace AuthServer.Compatibility;

/// <summary>The section <c>Compatibility</c>.</summary>
internal sealed class CompatibilityOptions
{
    public const string Section = "Compatibility";

    public const string Key = $"{Section}:{nameof(DjangoRestFrameworkJwt)}";

    /// <summary>
    /// The id of the public app that the endpoints of djangorestframework-jwt act for, whose grants, scopes and lifetimes
    /// theirs are. Default: none, and there are no such endpoints.
    /// </summary>
    public string? DjangoRestFrameworkJwt { get; set; }
}
