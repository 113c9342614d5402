namespace ResourceApi.Bearer;

/// <summary>The section <c>Api</c>: the identity of this API.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>
    /// The resource identifier of this API (RFC 8707, RFC 9728), the <c>aud</c> of tokens for it. Letter case of scheme and host, a default
    /// port and an empty path make no difference (<see cref="AudienceSpelling"/>).
    /// </summary>
    /// <value default="none; required">http or https URL without a fragment</value>
    public string? Resource { get; set; }

    /// <summary>The address of this resource's metadata. The well-known part goes between host and path (RFC 9728 3.1).</summary>
    internal Uri MetadataAddress
    {
        get
        {
            var resource = new Uri(Resource!, UriKind.Absolute);
            return new Uri(resource, "/.well-known/oauth-protected-resource" + resource.AbsolutePath.TrimEnd('/'));
        }
    }
}
