using AuthServer.Hosting;
using AuthServer.Requests;
using Microsoft.Extensions.Configuration;

namespace AuthServer.Tests.Hosting;

public sealed class SettingFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-settings-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("ConnectionStrings:AuthServer", "Host=db;Password=a b")]
    [InlineData("Mail:Password", "hush")]
    public void A_setting_may_come_from_a_file(string key, string value)
    {
        using var configuration = new ConfigurationManager();
        configuration[key + ":File"] = Write(value + "\n");
        configuration["Platform:File"] = "/platform.yaml";

        configuration.AddSettingFiles();

        Assert.Equal(value, configuration[key]);
        Assert.Null(configuration["Platform"]);
        Assert.Equal("/platform.yaml", configuration["Platform:File"]);
    }

    [Fact]
    public void All_unusable_files_are_reported_but_never_their_content()
    {
        using var configuration = new ConfigurationManager();
        configuration["A:File"] = Path.Combine(folder.FullName, "missing");
        configuration["B:File"] = folder.FullName;
        configuration["C:File"] = Write("");
        (configuration["D:File"], configuration["D"]) = (Write("secret-of-d"), "another");
        configuration["E:File"] = "";

        var message = Assert.Throws<OperatorException>(configuration.AddSettingFiles).Message;

        Assert.Contains("A:File names '" + configuration["A:File"] + "', which does not exist.", message, StringComparison.Ordinal);
        Assert.Contains("B:File names '" + folder.FullName + "', which cannot be read: ", message, StringComparison.Ordinal);
        Assert.Contains("C:File names '" + configuration["C:File"] + "', which is empty.", message, StringComparison.Ordinal);
        Assert.Contains("D and D:File are both set; remove one of them.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("E", message.Replace("Settings are missing or wrong:", "", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Trim().Split(':', ' ')[0]));
        Assert.DoesNotContain("secret-of-d", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_untrusted_certificate_is_reported_if_the_driver_reports_only_a_failed_handshake()
    {
        var tls = new System.Security.Authentication.AuthenticationException("The remote certificate is invalid: UntrustedRoot");

        var lines = StartupErrors.Explain(new Npgsql.NpgsqlException("Exception while performing SSL handshake", tls));

        Assert.Contains(
            "The certificate of the database server is not trusted: The remote certificate is invalid: UntrustedRoot",
            Assert.Single(lines!),
            StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var path = Path.Combine(folder.FullName, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        return path;
    }
}
