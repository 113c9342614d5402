using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Requests;

public sealed class PageRequestsTests
{
    [Theory]
    [InlineData("GET", "/account/login?returnUrl=/connect/authorize?x", null, null, 200)]
    [InlineData("GET", "/account/code?returnUrl=/connect/authorize%3Fclient_id%3Dno%26client_id%3Dbody", null, null, 302)]
    [InlineData("POST", "/account/login", "returnUrl=/connect/authorize?x", "application/x-www-form-urlencoded", 303)]
    [InlineData("POST", "/account/login", "a=%00", "application/x-www-form-urlencoded", 400)]
    [InlineData("POST", "/account/login", "a=b", "application/x-www-form-urlencoded; charset=utf-7", 400)]
    [InlineData("POST", "/account/login", "a=b", "multipart/form-data", 400)]
    [InlineData("POST", "/account/login", "{}", "application/json", 415)]
    [InlineData("POST", "/device", "a=%00", "application/x-www-form-urlencoded", 400)]
    [InlineData("POST", "/device", "MANY", "application/x-www-form-urlencoded", 400)]
    [InlineData("POST", "/device", "a=b", "application/x-www-form-urlencoded;;;", 415)]
    [InlineData("POST", "/account/strength", "a=%00", "application/x-www-form-urlencoded", 400)]
    [InlineData("POST", "/account/strength", "a=b", "multipart/form-data", 400)]
    [InlineData("POST", "/account/strength", "LONG", "application/x-www-form-urlencoded", 400)]
    [InlineData("POST", "/error", "a=%00", "application/x-www-form-urlencoded", 400)]
    [InlineData("TRACE", "/account/select", null, null, 405)]
    [InlineData("PUT", "/consent", null, null, 405)]
    public async Task A_request_that_no_page_sends_is_a_client_error(string method, string address, string? body, string? type, int status)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var http =
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Http.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            request.Content = new StringContent(body switch
            {
                "MANY" => string.Join('&', Enumerable.Range(0, 1500).Select(number => $"p{number}=x")),
                "LONG" => "password=" + new string('x', 100_000),
                _ => body,
            });
            request.Content.Headers.Remove("Content-Type");
            Assert.True(request.Content.Headers.TryAddWithoutValidation("Content-Type", type));
        }

        using var answer = await http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        await app.StopAsync();
        Assert.DoesNotContain(app.Log, line => line.Contains("\"@x\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_without_a_form_refuses_forms()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var token = (await browser.GoAsync("/account/login")).FormToken;

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.PostAsync("/account/select", [new("form", token)])).Status);
    }
}
