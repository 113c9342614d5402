using System.Net;
using System.Net.Http.Headers;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>The form of the password grant in SampleClient, used by an attacker.</summary>
public sealed class PasswordFormTests
{
    private const string Form = "application/x-www-form-urlencoded";

    [Fact]
    public async Task A_form_that_cannot_be_read_is_answered_with_a_page_that_says_so()
    {
        await using var app = await LoneApp.StartedAsync();
        (string Type, string Body)[] broken =
        [
            ($"{Form}; charset=utf-7", "userName=a"),
            ($"{Form}; charset=bogus", "userName=a"),
            ($"{Form}; charset=", "userName=a"),
            ("multipart/form-data; boundary=x", "--x\r\nbroken"),
            ("multipart/form-data", "--x\r\nbroken"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=utf-7\r\n\r\na\r\n--x--\r\n"),
            ("application/json", "{}"),
            (Form, string.Join('&', Enumerable.Range(0, 2000).Select(index => $"a{index}=1"))),
            (Form, new string('a', 3000) + "=1"),
            (Form, "userName=" + new string('a', 5_000_000)),
        ];
        foreach (var (type, body) in broken)
        {
            using var answer = await app.SignInAsync("alice", request =>
            {
                request.Content = new StringContent(body);
                request.Content.Headers.Remove("Content-Type");
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            });

            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"{type}: {answer.StatusCode}");
            Assert.Contains("This form could not be read", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("   at ", app.Program.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_may_declare_the_charset_utf8()
    {
        await using var app = await LoneApp.StartedAsync();

        using var answer = await app.SignInAsync("alice", request =>
            request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse($"{Form}; charset=UTF-8"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task An_address_that_tries_too_often_has_to_wait_and_keeps_the_user_name()
    {
        await using var app = await LoneApp.StartedAsync();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var early = await app.SignInAsync("alice");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        }

        using var late = await app.SignInAsync("alice", request => request.Headers.Add("X-Forwarded-For", "192.0.2.1"));

        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.InRange(late.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 6);
        var page = await late.Content.ReadAsStringAsync();
        Assert.Contains("too many sign-ins from your address", page, StringComparison.Ordinal);
        Assert.Contains("value=\"alice\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse-apple", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_known_proxy_each_address_has_its_own_count_and_an_IPv6_network_counts_as_one()
    {
        await using var app = await LoneApp.StartedAsync(("Throttling:SignInsPerAddress", "1"), ("Proxies:KnownProxies", "127.0.0.1, ::1"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusFromAsync("192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusFromAsync("192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusFromAsync("192.0.2.9, ::ffff:192.0.2.1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusFromAsync("192.0.2.2"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusFromAsync("2001:db8::1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusFromAsync("2001:db8::ffff:2"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusFromAsync("2001:db8:0:1::1"));

        async Task<HttpStatusCode> StatusFromAsync(string address)
        {
            using var answer = await app.SignInAsync("alice", request => request.Headers.Add("X-Forwarded-For", address));
            return answer.StatusCode;
        }
    }
}
