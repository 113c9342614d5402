using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

[Collection(OneAtATime.Name)]
public sealed class DjangoRestFrameworkJwtTests(Platform platform)
{
    [Fact]
    public async Task The_API_accepts_the_tokens_of_an_app_that_was_written_for_Django()
    {
        using var http = new HttpClient();
        var first = await TokenAsync("api-token-auth/", new { username = "alice", password = "correct-horse-apple" });
        var second = await TokenAsync("api-token-refresh/", new { token = first });

        Assert.Equal(second, await TokenAsync("api-token-verify/", new { token = second }));
        foreach (var token in new[] { first, second })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(platform.Api.Address, "/api/me"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("Alice Ahn", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        async Task<string> TokenAsync(string path, object body)
        {
            using var answer = await http.PostAsJsonAsync(new Uri(platform.AuthServer.Address, path), body);
            return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Dictionary<string, string>>())!["token"];
        }
    }
}
