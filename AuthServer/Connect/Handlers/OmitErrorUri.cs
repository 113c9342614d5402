using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers;

/// <summary>The error's description says it all; the address OpenIddict adds leads to documentation that is not ours.</summary>
internal sealed class OmitErrorUri : IOpenIddictServerHandler<ProcessErrorContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessErrorContext>()
            .UseSingletonHandler<OmitErrorUri>()
            .SetOrder(int.MinValue)
            .Build();

    public ValueTask HandleAsync(ProcessErrorContext context)
    {
        context.ErrorUri = null;
        return ValueTask.CompletedTask;
    }
}
