using System.Collections.Immutable;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers;

/// <summary>RFC 8414 2 requires <c>response_types_supported</c>, which OpenIddict leaves out when there is none.</summary>
internal sealed class DeclareResponseTypes : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyConfigurationResponseContext>()
            .UseSingletonHandler<DeclareResponseTypes>()
            .SetOrder(int.MinValue)
            .Build();

    public ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        if (context.Error is null && !context.Response.HasParameter(Metadata.ResponseTypesSupported))
        {
            context.Response.AddParameter(Metadata.ResponseTypesSupported, ImmutableArray<string?>.Empty);
        }

        return ValueTask.CompletedTask;
    }
}
