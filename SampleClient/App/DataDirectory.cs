using Microsoft.Extensions.Options;

namespace SampleClient.App;

/// <summary>The one folder this program writes to; the rest of its file system may be read-only.</summary>
internal sealed class DataDirectory(IOptions<AppOptions> app, IHostEnvironment environment)
{
    // The key ring lies here in the clear and the sessions beside it: for nobody but the account that runs the app.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public DirectoryInfo Keys => Folder("keys");

    public DirectoryInfo Sessions => Folder("sessions");

    /// <summary>Why nothing can be written there, or null when all is well.</summary>
    public string? Problem()
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(Folder("").FullName, ".probe"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private DirectoryInfo Folder(string name)
    {
        var path = Path.Combine(environment.ContentRootPath, app.Value.DataDirectory, name);
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnerOnly);
    }
}
