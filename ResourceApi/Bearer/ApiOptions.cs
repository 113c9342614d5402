namespace ResourceApi.Bearer;

/// <summary>Section <c>Api</c>: who this API is to the issuer and to its clients.</summary>
internal sealed class ApiOptions
{
    /// <summary>
    /// The resource identifier of this API (RFC 8707, RFC 9728), compared with the token's <c>aud</c>: scheme and host in any case, a default
    /// port and an empty path are equal (<see cref="AudienceSpelling"/>). Required. An absolute http(s) URI without fragment.
    /// </summary>
    public string? Resource { get; set; }

    internal bool ResourceIsIdentifier
        => Uri.TryCreate(Resource, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Fragment: "" };

    /// <summary>Where the metadata of this resource is: the well-known part goes between host and path (RFC 9728 3.1).</summary>
    internal Uri MetadataAddress
    {
        get
        {
            var resource = new Uri(Resource!, UriKind.Absolute);
            return new Uri(resource, "/.well-known/oauth-protected-resource" + resource.AbsolutePath.TrimEnd('/'));
        }
    }
}
