using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace SampleClient.App;

/// <summary>
/// The only directory that this program writes to; the rest of the file system may be read-only. It is also the health check:
/// without it the app cannot sign anyone in. The check does not ask the issuer and the API: if they are away, the pages say so.
/// </summary>
internal sealed class DataDirectory(IOptions<AppOptions> app, IHostEnvironment environment) : IHealthCheck
{
    // Only the account that runs the app may read it: the key ring is unencrypted, and the sessions are beside it.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public DirectoryInfo Keys => Create(Path.Combine(Root, "keys"));

    public DirectoryInfo Sessions => Create(Path.Combine(Root, "sessions"));

    private string Root => Path.Combine(environment.ContentRootPath, app.Value.DataDirectory);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(CanWrite(app.Value, environment)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("App:DataDirectory cannot be written to."));

    public static bool CanWrite(AppOptions app, IHostEnvironment environment)
    {
        try
        {
            var root = Create(Path.Combine(environment.ContentRootPath, app.DataDirectory));
            using var probe = new FileStream(
                Path.Combine(root.FullName, ".probe"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1,
                FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static DirectoryInfo Create(string path) =>
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnerOnly);
}
