using AuthServer.SupportCodes;

namespace AuthServer.Tests.SupportCodes;

public sealed class ErrorWordsTests
{
    [Theory]
    [InlineData("The specified 'redirect_uri' is not valid.", "The specified 'redirect_uri' is not valid.")]
    [InlineData("The 'client_id' and the 'scope' are missing.", "The 'client_id' and the 'scope' are missing.")]
    [InlineData("The client may not ask for the scope 'secret'.", "The client may not ask for the scope '…'.")]
    [InlineData("The 'scope' cannot be 'secret' here.", "The '…' here.")]
    [InlineData("The value ''secret'' is wrong.", "The value '…' is wrong.")]
    [InlineData("The value 'a'secret'b' is wrong.", "The value '…' is wrong.")]
    [InlineData("The value 'a'secret' is wrong.", "The value '…' is wrong.")]
    [InlineData("The request is too long.", "The request is too long.")]
    [InlineData(null, null)]
    public void Only_the_names_of_parameters_stay_in_quotes(string? description, string? expected) =>
        Assert.Equal(expected, ErrorWords.Of(description));
}
