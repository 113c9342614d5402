using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>
/// Owns mail to people: what it says in which language (<see cref="MailWriter"/>), how it waits in the database
/// (<see cref="Outbox"/>), how it is sent (<see cref="MailDelivery"/>) and by what (<see cref="IMailTransport"/>). Who gets
/// which mail when, and the links in it, are the callers'. Serves no route.
/// </summary>
internal static class MailFeature
{
    public static void AddMail(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddSingleton<IPostConfigureOptions<MailOptions>, MailOptionsSetup>();
        services.AddSettings<MailOptions>(MailOptions.Section);
        services.AddSingleton<LetterProtection>();
        services.AddSingleton<MailBell>();
        services.AddSingleton<MailLanes>();
        services.AddSingleton<MailWriter>();
        services.AddSingleton<SmtpTransport>();
        services.AddSingleton<FolderTransport>();
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.Host is null
            ? provider.GetRequiredService<FolderTransport>()
            : provider.GetRequiredService<SmtpTransport>());
        services.AddScoped<Outbox>();
        services.AddScoped<MailDelivery>();
        services.AddHostedService<MailService>();
    }
}
