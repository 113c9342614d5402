using AuthServer.Hosting;
using AuthServer.Outbox;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>
/// Owns mail to people: its texts in each language (<see cref="MailTexts"/>), its form (<see cref="MailWriter"/>), its queue in the
/// database (<see cref="MailOutbox"/>), its delivery (<see cref="MailDelivery"/>) and its transport (<see cref="IMailTransport"/>).
/// The callers decide who gets which mail and when, and make the links. Serves no route.
/// </summary>
internal static class MailFeature
{
    public static void AddMail(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddSingleton<IPostConfigureOptions<MailOptions>, MailOptionsSetup>();
        services.AddSettings<MailOptions>(MailOptions.Section);
        services.AddSingleton<LetterProtection>();
        services.AddSingleton<MailWriter>();
        services.AddSingleton<SmtpTransport>();
        services.AddSingleton<FolderTransport>();
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.Host is null
            ? provider.GetRequiredService<FolderTransport>()
            : provider.GetRequiredService<SmtpTransport>());
        services.AddScoped<MailOutbox>();
        services.AddOutbox<OutgoingMail, MailDelivery, MailLanes, MailService>();
    }
}
