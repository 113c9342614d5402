using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Compatibility;

/// <summary>Any malformed request is refused in the form of Django REST framework.</summary>
public sealed class MalformedBodyTests(RunningDjangoServer server) : IClassFixture<RunningDjangoServer>
{
    private const string Json = "application/json";
    private const string Credentials = "username=alice&password=correct-horse-apple";

    private readonly DjangoClient django = new(server.App);

    public static TheoryData<string> Endpoints => [DjangoClient.Auth, DjangoClient.Refresh, DjangoClient.Verify];

    [Theory]
    [InlineData("[]", "list")]
    [InlineData("""["username","password"]""", "list")]
    [InlineData("\"alice\"", "str")]
    [InlineData("1", "int")]
    [InlineData("1.5", "float")]
    [InlineData("1e400", "float")]
    [InlineData("true", "bool")]
    public async Task JSON_that_is_not_an_object_is_refused_with_its_type(string json, string type) =>
        (await django.PostAsync(DjangoClient.Auth, Json, json)).AssertNonField($"Invalid data. Expected a dictionary, but got {type}.");

    [Fact]
    public async Task JSON_null_is_no_data() =>
        (await django.PostAsync(DjangoClient.Auth, Json, "null")).AssertNonField("No data provided");

    [Theory]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData(Credentials)]
    [InlineData("""{"username":"alice","username":"bob","password":"correct-horse-apple"}""")]
    [InlineData("""{"username":"alice","\u0075sername":"bob","password":"correct-horse-apple"}""")]
    [InlineData("""{"username":"\ud800","password":"correct-horse-apple"}""")]
    [InlineData("""{"\ud800":1,"username":"alice","password":"correct-horse-apple"}""")]
    [InlineData("""{"username":"alice","password":"correct-horse-apple"} x""")]
    [InlineData("""{"username":"alice","password":"correct-horse-apple",}""")]
    [InlineData("{\"username\":\"al\u0000ice\",\"password\":\"x\"}")]
    public async Task Malformed_JSON_is_reported(string json) => AssertParseError(await django.PostAsync(DjangoClient.Auth, Json, json));

    [Fact]
    public async Task Invalid_UTF8_and_deeply_nested_JSON_are_reported()
    {
        AssertParseError(await django.PostAsync(DjangoClient.Auth, Json, [.. "{\"username\":\""u8, 0xFF, .. "\",\"password\":\"x\"}"u8]));
        AssertParseError(await django.PostAsync(DjangoClient.Auth, Json, [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0]));
        AssertParseError(await django.PostAsync(DjangoClient.Auth, Json, new string('[', 60_000)));
    }

    [Theory]
    [InlineData(Credentials + "&username=bob")]
    [InlineData("username=%00&password=x")]
    [InlineData("username=%zz&password=x")]
    [InlineData("username=%FF%FE&password=x")]
    public async Task A_malformed_form_is_reported(string form)
    {
        var answer = await django.PostAsync(DjangoClient.Auth, DjangoClient.Form, form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("Form parse error - ", answer["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/vnd.api+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded; charset=iso-8859-1")]
    [InlineData("multipart/form-data; boundary=b")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Another_media_type_is_refused_with_its_name(string type) =>
        (await django.PostAsync(DjangoClient.Auth, type, Credentials))
            .AssertDetail(HttpStatusCode.UnsupportedMediaType, $"Unsupported media type \"{type}\" in request.");

    [Theory]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("Application/JSON")]
    public async Task Every_spelling_of_a_supported_media_type_is_accepted(string type) =>
        (await django.PostAsync(DjangoClient.Auth, type, """{"username":"alice","password":"correct-horse-apple","more":[1]}"""))
            .AssertOk();

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_body_of_one_megabyte_is_refused_and_one_of_four_too(string endpoint)
    {
        foreach (var length in new[] { 70_000, 1_000_000 })
        {
            (await django.PostAsync(endpoint, Json, $$"""{"token":"{{new string('a', length)}}"}"""))
                .AssertDetail(HttpStatusCode.RequestEntityTooLarge, "The request is longer than 65536 bytes.");
        }

        var answer = await RawAsync(
            $"POST {endpoint} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
            + "application/json\r\nContent-Length: 4000000\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("""{"detail":""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_refused()
    {
        var answer = await RawAsync(
            $"POST {DjangoClient.Auth} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("""{"detail":""", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("BREW")]
    public async Task Another_method_is_refused_with_its_name(string method)
    {
        foreach (var endpoint in Endpoints)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), endpoint);
            using var response = await server.App.Http.SendAsync(request);
            Assert.Equal(["POST"], response.Content.Headers.Allow);
            (await Answer.ReadAsync(response)).AssertDetail(HttpStatusCode.MethodNotAllowed, $"Method \"{method}\" not allowed.");
        }
    }

    [Theory]
    [InlineData(DjangoClient.Refresh)]
    [InlineData(DjangoClient.Verify)]
    public async Task A_token_is_required_and_must_be_text(string endpoint)
    {
        (await django.PostAsync(endpoint, Json, "{}")).AssertField("token", "This field is required.");
        (await django.PostAsync(endpoint, DjangoClient.Form, "token=")).AssertField("token", "This field may not be blank.");
        (await django.PostAsync(endpoint, Json, """{"token":null}""")).AssertField("token", "This field may not be null.");
        (await django.PostAsync(endpoint, Json, """{"token":1}""")).AssertField("token", "Not a valid string.");
    }

    [Fact]
    public async Task Paths_below_an_endpoint_are_not_found() =>
        (await django.PostAsync(DjangoClient.Auth + "more", Json, "{}")).AssertDetail(HttpStatusCode.NotFound, "Not found.");

    private static void AssertParseError(Answer answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("JSON parse error - ", answer["detail"], StringComparison.Ordinal);
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
