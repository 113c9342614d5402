using System.Globalization;
using AuthServer.Outbox;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Writes each mail to a file of its own, for a developer or another program to read.</summary>
internal sealed class FolderTransport(IOptions<MailOptions> options, IHostEnvironment environment, TimeProvider time) : IMailTransport
{
    public async Task<Delivery> SendAsync(MimeMessage message, CancellationToken stoppingToken)
    {
        try
        {
            var folder = Path.Combine(environment.ContentRootPath, options.Value.Folder!);
            CreateFolder(folder);
            var instant = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss.fffffff'Z'", CultureInfo.InvariantCulture);
            var path = Path.Combine(folder, $"{instant}-{Guid.CreateVersion7():N}.eml");

            // Written under another name until it is complete, because a reader may be waiting for the file.
            var partial = path + ".partial";
            await using (var file = new FileStream(partial, OwnersOnly()))
            {
                await message.WriteToAsync(file, CancellationToken.None);
            }

            File.Move(partial, path);
            return Delivery.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Delivery.Away(exception.Message);
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStreamOptions OwnersOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
