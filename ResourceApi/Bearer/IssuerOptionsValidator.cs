using Microsoft.Extensions.Options;

namespace ResourceApi.Bearer;

internal sealed class IssuerOptionsValidator : IValidateOptions<IssuerOptions>
{
    public ValidateOptionsResult Validate(string? name, IssuerOptions options)
    {
        var failures = new List<string>();
        if (options.AuthorityUri is not { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" } authority)
        {
            failures.Add($"{Key(nameof(options.Authority))} must be the issuer's absolute http(s) URL, without query and fragment.");
        }
        else if (authority is { Scheme: "http", IsLoopback: false })
        {
            failures.Add($"{Key(nameof(options.Authority))} must be https, except on a loopback address.");
        }

        if (!string.IsNullOrEmpty(options.BackChannelAddress)
            && options.BackChannelUri is not { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" })
        {
            failures.Add($"{Key(nameof(options.BackChannelAddress))} must be an origin such as http://authserver:8080, or absent.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string name) => $"{IssuerOptions.Section}:{name}";
}
