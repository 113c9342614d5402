using AuthServer.Hosting;

namespace AuthServer.Mail;

internal sealed class MailBell : Bell;
