using System.Diagnostics;
using Rig;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>
/// An Apache with mod_auth_openidc, configured as the documentation shows, in a folder of its own and without privileges. It ends
/// with this process, even if the process is killed, because it lives until its standard input closes.
/// </summary>
public sealed class Apache(StacksIssuer issuer) : IAsyncLifetime
{
    private const string Program = "/usr/sbin/apache2";
    private const string Script =
        """
        "$1" -f "$2/httpd.conf" -DFOREGROUND >&2 &
        read -r end
        kill -TERM $!
        wait
        """;

    private static readonly DirectoryInfo Source = new(Path.Combine(AppContext.BaseDirectory, "OtherStacks", "apache"));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"authserver-apache-{Path.GetRandomFileName()}");
    private readonly Output output = new();
    private Process? server;

    internal Uri Address => issuer.Wiki;

    /// <summary>Everything it has logged.</summary>
    internal string Log => output.Text + (File.Exists(LogFile) ? File.ReadAllText(LogFile) : "");

    private string LogFile => Path.Combine(folder, "error.log");

    public async ValueTask InitializeAsync()
    {
        await MakeFolderAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "openidc.conf"), issuer.Here(Documentation.Block("Other stacks", "apache")));
        string[] command = [.. Unprivileged.Prefix, "sh", "-c", Script, "apache", Program, folder];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment["FOLDER"] = folder;
        start.Environment["HOST"] = Address.Authority;
        start.Environment["WIKI_SECRET"] = issuer.WikiSecret;
        start.Environment["WIKI_PASSPHRASE"] = Path.GetRandomFileName();
        server = new Process { StartInfo = start };
        server.ErrorDataReceived += output.Add;
        server.Start();
        server.BeginErrorReadLine();
        await WaitUntilItListensAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync().WaitAsync(Patience);
            server.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    // The user who runs Apache creates the folder, so that Apache may write there.
    private async Task MakeFolderAsync()
    {
        string[] command = [.. Unprivileged.Prefix, "mkdir", "-m", "755", folder];
        using var make = Process.Start(command[0], command[1..]);
        await make.WaitForExitAsync();
        Assert.Equal(0, make.ExitCode);
        foreach (var file in Source.GetFiles())
        {
            file.CopyTo(Path.Combine(folder, file.Name));
        }
    }

    private async Task WaitUntilItListensAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "/goodbye.html"));
                Assert.True(answer.IsSuccessStatusCode, Log);
                return;
            }
            catch (HttpRequestException) when (!server!.HasExited && clock.Elapsed < Patience && File.Exists(Program))
            {
                // Apache does not answer yet.
            }
            catch (HttpRequestException exception)
            {
                throw new InvalidOperationException($"{Program} with mod_auth_openidc did not start: {Log}", exception);
            }
        }
    }
}
