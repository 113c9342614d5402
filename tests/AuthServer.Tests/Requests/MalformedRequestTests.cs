using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Requests;

/// <summary>Any malformed request to an endpoint of the protocol is refused in the form of RFC 6749 5.2.</summary>
public sealed class MalformedRequestTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Credentials =
        "client_id=orders&client_secret=orders-demo-secret&grant_type=password&username=alice&password=correct-horse-apple";

    public static TheoryData<string> Endpoints => ["/connect/token", "/connect/introspect", "/connect/revoke"];

    public static TheoryData<string, string> Bodies => new()
    {
        { Form, Credentials + "&scope=%zz" },
        { Form, Credentials + "&scope=%" },
        { Form, Credentials + "&scope=%00" },
        { Form, Credentials + "&scope=\0" },
        { Form, Credentials + "&scope=%FF%FE" },
        { Form, Credentials + "&username=alice" },
        { Form, "" },
        { Form, "&&&===&&&" },
        { Form, """{"grant_type":"password","username":"alice"}""" },
        { Form, string.Join('&', Enumerable.Range(0, 5000).Select(index => $"p{index}=1")) },
        { Form, new string('x', 1_000_000) },
        { Form, "grant_type=" + new string('a', 70_000) },
        { Form + "; charset=utf-16", Credentials },
        { Form + "; charset=nonsense", Credentials },
        { Form + "x", Credentials },
        { "application/json", """{"grant_type":"password","username":"alice","password":"correct-horse-apple"}""" },
        { "text/plain", Credentials },
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\npassword\r\n--b--\r\n" },
        { "multipart/form-data", "--b" },
        { "nonsense", Credentials },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_malformed_body_is_an_invalid_request(string contentType, string body)
    {
        (await PostAsync("/connect/token", contentType, Encoding.UTF8.GetBytes(body))).AssertRefused("invalid_request");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_malformed_body_is_an_invalid_request_at_each_endpoint(string endpoint)
    {
        (await PostAsync(endpoint, "application/json", "{}"u8.ToArray())).AssertRefused("invalid_request");
        (await PostAsync(endpoint, Form, "token=%00"u8.ToArray())).AssertRefused("invalid_request");
        (await PostAsync(endpoint, Form, new byte[1_000_000])).AssertRefused("invalid_request");
        (await PostAsync(endpoint, contentType: null, [])).AssertRefused("invalid_request");
        (await PostAsync(endpoint + "/", Form, "token=%00"u8.ToArray())).AssertRefused("invalid_request");
        (await PostAsync(endpoint.ToUpperInvariant(), Form, "token=%00"u8.ToArray())).AssertRefused("invalid_request");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("BREW")]
    public async Task Tokens_can_be_requested_by_POST_only(string method)
    {
        foreach (var endpoint in Endpoints)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), endpoint + "?" + Credentials);
            using var response = await server.App.Http.SendAsync(request);
            Assert.Equal(["POST", "OPTIONS"], response.Content.Headers.Allow);
            (await Answer.ReadAsync(response)).AssertRefused("invalid_request", HttpStatusCode.MethodNotAllowed);
        }
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic b3JkZXJz")]
    [InlineData("Basic AAAA")]
    [InlineData("Basic b3JkZXJzJTAwOng=")]
    [InlineData("Basic JUZGOiVGRg==")]
    public async Task Broken_credentials_are_refused(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
        };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        var answer = await Answer.ReadAsync(await server.App.Http.SendAsync(request));

        // RFC 6749 5.2: a client that has used the header gets 401 with the scheme.
        answer.AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        Assert.Equal("Basic", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("a ", 16_000)]
    [InlineData("notes.read ", 1_000)]
    public async Task A_flood_of_scopes_is_cheap_for_the_server(string scope, int times)
    {
        var body = Credentials + "&scope=" + string.Concat(Enumerable.Repeat(scope, times)).Replace(' ', '+');

        (await PostAsync("/connect/token", Form, Encoding.ASCII.GetBytes(body))).AssertRefused("invalid_scope");
    }

    [Theory]
    [InlineData("%EF%BF%BE")]
    [InlineData("alice%EF%BF%BF")]
    public async Task A_user_name_that_is_not_valid_text_belongs_to_nobody(string name)
    {
        var body = Credentials.Replace("username=alice", "username=" + name, StringComparison.Ordinal);

        (await PostAsync("/connect/token", Form, Encoding.ASCII.GetBytes(body))).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_refused()
    {
        var answer = await RawAsync("POST /connect/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + Form
            + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"invalid_request\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_size_of_headers_is_limited()
    {
        var answer = await RawAsync($"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: {new string('a', 40_000)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_in_small_pieces_is_read_like_a_whole_one()
    {
        var pieces = Credentials.Chunk(7).Select(piece => $"{piece.Length:x}\r\n{new string(piece)}\r\n");

        var answer = await RawAsync("POST /connect/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + Form
            + "; charset=\"UTF-8\"\r\nTransfer-Encoding: chunked\r\n\r\n" + string.Concat(pieces) + "0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }

    private async Task<Answer> PostAsync(string path, string? contentType, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.Remove("Content-Type");
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return await Answer.ReadAsync(await server.App.Http.PostAsync(path, content));
    }

    private async Task<string> RawAsync(string request)
    {
        var address = server.App.Http.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
