using System.CommandLine;
using System.CommandLine.Parsing;
using AuthServer.Requests;

namespace AuthServer.CommandLine;

internal static class HealthcheckCommand
{
    public static Command Create(string[] settings)
    {
        var url = new Option<Uri?>("--url")
        {
            Description = "The URL to ask. Default: /health/ready of the server on this machine that has these settings.",
            CustomParser = ParseUrl,
        };
        var command =
            new Command("healthcheck", "Ask a running server whether it is ready: exit code 0 or 1, for containers without curl.") { url };
        command.SetAction((result, cancellationToken) =>
            HealthProbe.RunAsync(
                result.GetValue(url) ?? HealthProbe.Address(WebApplication.CreateSlimBuilder(settings).Configuration), cancellationToken));
        return command;
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            return url;
        }

        result.AddError($"'{result.Tokens.Single().Value}' is not an http or https URL.");
        return null;
    }
}
