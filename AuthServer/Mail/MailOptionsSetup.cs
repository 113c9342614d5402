using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>The defaults in Development, where mails go to a folder.</summary>
internal sealed class MailOptionsSetup(IHostEnvironment environment) : IPostConfigureOptions<MailOptions>
{
    public void PostConfigure(string? name, MailOptions options)
    {
        if (environment.IsDevelopment() && options.Host is null)
        {
            options.Folder ??= "data/mail";
            options.From ??= "authplatform@localhost";
        }
    }
}
