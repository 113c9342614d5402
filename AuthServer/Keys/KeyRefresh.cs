using AuthServer.Protocol;

namespace AuthServer.Keys;

/// <summary>
/// Refreshes the keys before a protocol request if <see cref="KeyWatch"/> is late, for example on a busy machine. So no node signs with
/// a key that is retired on other nodes, and every node knows the key that another node already signs with.
/// </summary>
internal sealed class KeyRefresh(RequestDelegate next, KeyRing keys)
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
