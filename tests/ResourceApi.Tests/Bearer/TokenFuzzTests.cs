using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.IdentityModel.Tokens;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class TokenFuzzTests(RunningApi running) : IClassFixture<RunningApi>
{
    [FsCheck.Xunit.Property(MaxTest = 300)]
    public async Task Any_text_sent_as_a_token_is_refused_and_breaks_nothing(NonNull<string> first, NonNull<string> second, byte[] third)
    {
        var token = string.Join('.', Part(first.Get), Part(second.Get), Base64UrlEncoder.Encode(third ?? []));

        var response = await running.Api.GetAsync("/api/me", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [FsCheck.Xunit.Property(MaxTest = 300)]
    public Property A_good_token_with_any_one_byte_changed_is_refused(NonNegativeInt position, byte value)
    {
        var bytes = Encoding.ASCII.GetBytes(running.Issuer.Token());
        var index = position.Get % bytes.Length;
        var character = (byte)('!' + (value % ('~' - '!')));

        // The last characters of a Base64url part have bits without meaning.
        var differs = bytes[index] != character && Array.IndexOf(bytes, (byte)'.', index) is var next
            && (next < 0 ? bytes.Length : next) - index > 2;
        bytes[index] = character;

        return Prop.When(differs, () => running.Api.GetAsync("/api/me", Encoding.ASCII.GetString(bytes)).GetAwaiter().GetResult().StatusCode
            is HttpStatusCode.Unauthorized);
    }

    private static string Part(string text) => Base64UrlEncoder.Encode($"{{\"alg\":\"ES256\",\"kid\":\"k\",\"x\":{text}}}");
}
