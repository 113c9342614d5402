using System.Globalization;

namespace Tour;

/// <param name="Also">Further programs that must be healthy before the tour begins.</param>
/// <param name="Leeway">How long the issuer still accepts a used refresh token of the tour's app.</param>
internal sealed record Addresses(Uri Issuer, Uri Api, IReadOnlyList<Uri> Also, TimeSpan Leeway)
{
    public static Addresses? Parse(string[] args)
    {
        Uri? issuer = null, api = null;
        var also = new List<Uri>();
        var leeway = 30.0;
        for (var index = 0; index + 1 < args.Length; index += 2)
        {
            var value = args[index + 1];
            if (args[index] is "--leeway")
            {
                if (!double.TryParse(value, CultureInfo.InvariantCulture, out leeway))
                {
                    return null;
                }

                continue;
            }

            if (!Uri.TryCreate(value, UriKind.Absolute, out var uri))
            {
                return null;
            }

            switch (args[index])
            {
                case "--issuer":
                    issuer = uri;
                    break;
                case "--api":
                    api = uri;
                    break;
                case "--also":
                    also.Add(uri);
                    break;
                default:
                    return null;
            }
        }

        return issuer is null || api is null || args.Length % 2 is not 0
            ? null
            : new Addresses(issuer, api, also, TimeSpan.FromSeconds(leeway));
    }
}
