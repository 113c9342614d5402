using AuthServer.Mail;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Mail;

public sealed class MailOptionsTests
{
    [Fact]
    public async Task All_faults_are_reported_at_once_with_their_keys()
    {
        using var cli = new Cli { Environment = "Production" };

        var outcome = await cli.RunAsync(
            "prune", "--Mail:Host=smtp server", "--Mail:Folder=mails", "--Mail:Security=None", "--Mail:Port=70000", "--Mail:UserName=u",
            "--Mail:From=not an address", "--Mail:GiveUpAfter=00:00:01", "--Mail:Timeout=00:10:00");

        foreach (var key in new[]
        {
            "Host is 'smtp server'",
            "Folder and Mail:Host",
            "Security is None",
            "Port is 70000",
            "Password is missing",
            "From is 'not an address'",
            "GiveUpAfter is",
            "Timeout is",
        })
        {
            outcome.AssertFailed($"Mail:{key}");
        }
    }

    [Theory]
    [InlineData("Production", "mail.example", "None", false)]
    [InlineData("Production", "mail.example", "StartTls", true)]
    [InlineData("Production", "mail.example", "Tls", true)]
    [InlineData("Production", "127.0.0.1", "None", true)]
    [InlineData("Production", "::1", "None", true)]
    [InlineData("Production", "localhost", "None", true)]
    [InlineData("Production", "localhost.evil.example", "None", false)]
    [InlineData("Development", "mail.example", "None", true)]
    [InlineData("Production", "mail.example", "Plain", false)]
    public async Task Plain_text_is_allowed_to_this_machine_and_in_Development(
        string environment, string host, string security, bool isTaken)
    {
        using var cli = await Cli.MigratedAsync(environment);

        var outcome = await cli.RunAsync(
            "prune", "--dry-run", $"--Mail:Host={host}", $"--Mail:Security={security}", "--Mail:From=no-reply@mail.example");

        _ = isTaken ? outcome.AssertOk() : outcome.AssertFailed("Mail:Security is ");
    }

    [Theory]
    [InlineData("Mail:Host=mail.example")]
    [InlineData("Mail:Folder=mails")]
    public async Task If_mail_is_on_a_sender_is_required(string setting)
    {
        using var cli = new Cli { Environment = "Production" };

        (await cli.RunAsync("prune", $"--{setting}")).AssertFailed("Mail:From is missing");
    }

    [Fact]
    public async Task In_Development_no_setting_is_required()
    {
        await using var app = await AuthServerApp.StartAsync(("Mail:Folder", ""), ("Mail:From", ""));

        var options = app.Services.GetRequiredService<IOptions<MailOptions>>().Value;

        Assert.Equal((true, "data/mail", "authplatform@localhost"), (options.IsOn, options.Folder, options.From));
        Assert.True(MailAddress.IsUsable(options.From));
    }

    [Theory]
    [InlineData("o'hara+shop@mail.example.test", true)]
    [InlineData("alice@xn--3e0b707e.example", true)]
    [InlineData("alice@한국.example", true)]
    [InlineData("Alice@Mail.Example", true)]
    [InlineData("<alice@mail.example>", false)]
    [InlineData("alice@mail.example(home)", false)]
    [InlineData("김@mail.example", false)]
    [InlineData("@mail.example", false)]
    [InlineData("alice@", false)]
    [InlineData("alice@mail.example\0", false)]
    [InlineData("alice @mail.example", false)]
    public void Mail_goes_to_one_bare_address(string address, bool isUsable) => Assert.Equal(isUsable, MailAddress.IsUsable(address));
}
