using OpenIddict.Abstractions;

namespace AuthServer.SupportCodes;

/// <summary>The description of an error of the protocol, without what the request sent.</summary>
internal static class ErrorWords
{
    private static readonly HashSet<string> Names = typeof(OpenIddictConstants.Parameters).GetFields()
        .Select(field => (string)field.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// A description quotes names of parameters, but may also quote a value, and that may be a token in the wrong field. If anything else
    /// than a name is quoted, all from the first quote to the last is left out.
    /// </summary>
    public static string? Of(string? description)
    {
        if (description?.Split('\'') is not { Length: > 1 } parts)
        {
            return description;
        }

        return parts.Length % 2 is 1 && parts.Where((_, index) => index % 2 is 1).All(Names.Contains)
            ? description
            : $"{parts[0]}'…'{parts[^1]}";
    }
}
