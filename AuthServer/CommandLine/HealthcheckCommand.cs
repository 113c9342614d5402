using System.CommandLine;
using AuthServer.Hosting;

namespace AuthServer.CommandLine;

internal static class HealthcheckCommand
{
    public static Command Create(string[] settings)
    {
        var url = new Option<Uri?>("--url") { Description = "What to ask. Default: /health/ready of the server with these settings, on this machine." };
        var command = new Command("healthcheck", "Ask a running server whether it is ready: exit code 0 or 1, for containers without curl.") { url };
        command.SetAction((result, cancellationToken) =>
            HealthProbe.RunAsync(result.GetValue(url) ?? HealthProbe.Address(WebApplication.CreateBuilder(settings).Configuration), cancellationToken));
        return command;
    }
}
