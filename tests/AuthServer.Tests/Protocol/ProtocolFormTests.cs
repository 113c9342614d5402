using System.Text;
using AuthServer.Protocol;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AuthServer.Tests.Protocol;

public sealed class ProtocolFormTests
{
    [Property]
    public void A_form_is_read_as_the_client_has_encoded_it(KeyValuePair<int, string?>[] fields)
    {
        var form = fields.Select((field, index) => KeyValuePair.Create($"p{index} é&=+%", Allowed(field.Value)))
            .Take(ProtocolForm.MostParameters)
            .ToDictionary();
        var body = new FormUrlEncodedContent(form).ReadAsByteArrayAsync().Result;

        var read = ProtocolForm.Parse(body, out _);

        Assert.Equal(
            form.Where(field => field.Value.Length > 0).OrderBy(field => field.Key),
            read!.Select(field => KeyValuePair.Create(field.Key, field.Value.ToString())).OrderBy(field => field.Key));
    }

    [Property]
    public void Any_bytes_are_either_read_or_refused(byte[] body)
    {
        var read = ProtocolForm.Parse(body, out var problem);

        Assert.Equal(read is null, problem.Length > 0);
        Assert.All(read?.SelectMany(field => field.Value.Append(field.Key)) ?? [], text => Assert.DoesNotContain('\0', text!));
    }

    [Property]
    public void A_malformed_escape_is_refused_at_any_position(char first, char second)
    {
        var isHex = char.IsAsciiHexDigit(first) && char.IsAsciiHexDigit(second);
        if (isHex || "&=".Contains(first, StringComparison.Ordinal) || char.IsSurrogate(first) || char.IsSurrogate(second))
        {
            return;
        }

        Assert.Null(ProtocolForm.Parse(Encoding.UTF8.GetBytes($"a=1%{first}{second}"), out _));
    }

    [Theory]
    [InlineData("a=%")]
    [InlineData("a=%4")]
    [InlineData("a=%zz")]
    [InlineData("%zz=a")]
    [InlineData("a=%00")]
    [InlineData("a%00=b")]
    [InlineData("a=%1B")]
    [InlineData("a=%7F")]
    [InlineData("a=%C2%85")]
    [InlineData("a=%FF")]
    [InlineData("a=%ED%A0%80")]
    [InlineData("a=%C0%80")]
    [InlineData("=a")]
    [InlineData("a=1&a=2")]
    [InlineData("a=1&%61=2")]
    public void A_malformed_form_is_refused(string body)
    {
        Assert.Null(ProtocolForm.Parse(Encoding.UTF8.GetBytes(body), out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("&&", "")]
    [InlineData("a=b&", "a:b")]
    [InlineData("a=b=c", "a:b=c")]
    [InlineData("a=+%2B%20", "a: + ")]
    [InlineData("a=%e2%82%aC", "a:€")]
    [InlineData("a=€", "a:€")]
    [InlineData("a=line%0D%0Aend%09", "a:line\r\nend\t")]
    [InlineData("a&b=&c=1", "c:1")]
    [InlineData("a=&a=1", "a:1")]
    [InlineData("resource=x&resource=y", "resource:x,y")]
    public void A_well_formed_form_is_read(string body, string expected)
    {
        var read = ProtocolForm.Parse(Encoding.UTF8.GetBytes(body), out _);

        Assert.Equal(expected, string.Join(' ', read!.Select(field => $"{field.Key}:{field.Value}")));
    }

    [Fact]
    public void The_number_of_parameters_is_limited()
    {
        Assert.NotNull(ProtocolForm.Parse(Pairs(ProtocolForm.MostParameters), out _));
        Assert.Null(ProtocolForm.Parse(Pairs(ProtocolForm.MostParameters + 1), out _));

        static byte[] Pairs(int count) =>
            Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, count).Select(index => $"p{index}=1")));
    }

    private static string Allowed(string? text) =>
        string.Concat((text ?? "").Where(character => !char.IsControl(character) && !char.IsSurrogate(character)));
}
