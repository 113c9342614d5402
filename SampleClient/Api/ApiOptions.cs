namespace SampleClient.Api;

/// <summary>The section <c>Api</c>: the API that this app calls.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>
    /// The address at which this server reaches the API. Access tokens travel there, so http is only allowed on loopback and inside a
    /// container network.
    /// </summary>
    /// <value default="none; required">https URL without query and fragment; http on loopback, or with a host name without a dot</value>
    public string? BaseAddress { get; set; }

    internal Uri? BaseUri => Uri.TryCreate(BaseAddress?.TrimEnd('/') + "/", UriKind.Absolute, out var uri) ? uri : null;
}
