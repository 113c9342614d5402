using System.Net;
using System.Text;

namespace EndToEnd.Tests.Support;

/// <summary>
/// An app at the address of <see cref="Platform.Guest"/>. Its callback and its sign-out page redirect to another origin, as in an
/// app behind its own router. From <c>/opener</c> it signs in in a pop-up, which reports to the page that opened it.
/// </summary>
internal sealed class RoutingApp : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Uri home;
    private readonly Uri elsewhere = RunningProgram.FreeAddress();
    private readonly Uri issuer;

    public RoutingApp(Platform platform)
    {
        (home, issuer) = (platform.Guest.Address, platform.AuthServer.Address);
        listener.Prefixes.Add(home.ToString());
        listener.Prefixes.Add(elsewhere.ToString());
        listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public Uri Opener => new(home, "/opener");

    public Uri SignOut => new(issuer, $"/connect/endsession?client_id=guest&post_logout_redirect_uri={Escape("bye")}");

    public Uri SignIn(string state) => new(
        issuer,
        $"/connect/authorize?client_id=guest&response_type=code&scope=openid&prompt=consent&state={state}"
        + $"&code_challenge_method=S256&code_challenge={new string('a', 43)}&redirect_uri={Escape("account/callback")}");

    public void Dispose() => listener.Close();

    private string Escape(string path) => Uri.EscapeDataString(new Uri(home, path).ToString());

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var response = context.Response;
            var page = (context.Request.Url!.AbsolutePath, context.Request.QueryString["state"]) switch
            {
                ("/account/callback", "pop-up") => "<script>opener.postMessage('signed in', location.origin); close();</script>",
                ("/account/callback" or "/bye", _) => null,
                ("/opener", _) => $"<h1>Opener</h1><button onclick=\"open('{SignIn("pop-up")}', 'login', "
                    + "'popup')\">Open</button><script>onmessage = event => "
                    + "document.querySelector('h1').textContent = event.data;</script>",
                _ => "<h1>Arrived</h1>",
            };
            if (page is null)
            {
                response.Redirect(new Uri(elsewhere, "/home").ToString());
                continue;
            }

            response.ContentType = "text/html";
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes("<!doctype html><title>App</title>" + page));
        }
    }
}
