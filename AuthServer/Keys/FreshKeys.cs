using AuthServer.Protocol;

namespace AuthServer.Keys;

/// <summary>
/// Before a request of the protocol: where <see cref="KeyWatch"/> is late, because the machine is busy, looks first. So no node
/// signs with a key that others have seen retire, or does not know one that another signs with already.
/// </summary>
internal sealed class FreshKeys(RequestDelegate next, KeyRing keys)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.IsProtocol())
        {
            await keys.EnsureFreshAsync(context.RequestAborted);
        }

        await next(context);
    }
}
