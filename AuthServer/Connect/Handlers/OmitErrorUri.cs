using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace AuthServer.Connect.Handlers;

/// <summary>The error's description says it all; the address OpenIddict adds leads to documentation that is not ours.</summary>
internal sealed class OmitErrorUri : IOpenIddictServerHandler<ProcessErrorContext>, IOpenIddictServerHandler<ProcessChallengeContext>
{
    public static OpenIddictServerHandlerDescriptor OfErrors { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessErrorContext>()
            .UseSingletonHandler<OmitErrorUri>()
            .SetOrder(int.MinValue)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfChallenges { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessChallengeContext>()
            .UseSingletonHandler<OmitErrorUri>()
            .SetOrder(AttachCustomChallengeParameters.Descriptor.Order + 100)
            .Build();

    public ValueTask HandleAsync(ProcessErrorContext context)
    {
        context.ErrorUri = null;
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ProcessChallengeContext context)
    {
        context.Response.ErrorUri = null;
        return ValueTask.CompletedTask;
    }
}
