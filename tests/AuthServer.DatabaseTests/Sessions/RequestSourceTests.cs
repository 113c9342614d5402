using AuthServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthServer.DatabaseTests.Sessions;

public sealed class RequestSourceTests
{
    [Theory]
    [InlineData(254, 256)]
    [InlineData(255, 255)]
    [InlineData(256, 256)]
    public void A_user_agent_is_cut_between_characters(int before, int kept)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.UserAgent = new string('a', before) + "😀 and more";

        Assert.Equal(kept, RequestSource.Of(context).UserAgent!.Length);
    }
}
