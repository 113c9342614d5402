using OpenIddict.Client;
using static OpenIddict.Client.OpenIddictClientEvents;

namespace SampleClient.Issuer;

/// <summary>
/// A browser that cannot be sent to the issuer: OpenIddict would answer with a line of text. This leaves the answer to the
/// page that wanted to, and the reason where <c>Account/IssuerRedirection</c> finds it.
/// </summary>
internal sealed class KeepError : IOpenIddictClientHandler<ProcessErrorContext>
{
    public static OpenIddictClientHandlerDescriptor Descriptor { get; }
        = OpenIddictClientHandlerDescriptor.CreateBuilder<ProcessErrorContext>()
            .UseSingletonHandler<KeepError>()
            .SetOrder(int.MinValue + 100_000)
            .Build();

    public ValueTask HandleAsync(ProcessErrorContext context)
    {
        // Where a browser comes back to, the page is asked anyway.
        if (context.EndpointType is OpenIddictClientEndpointType.Unknown)
        {
            context.Transaction.SetProperty(typeof(KeepError).FullName!, context);
            context.HandleRequest();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Null when there was no error.</summary>
    public static ProcessErrorContext? Of(OpenIddictClientTransaction transaction)
        => transaction.GetProperty<ProcessErrorContext>(typeof(KeepError).FullName!);
}
