using OpenIddict.Client;
using static OpenIddict.Client.OpenIddictClientEvents;

namespace SampleClient.Issuer;

/// <summary>
/// If the browser cannot be sent to the issuer, OpenIddict would answer with a line of text. This handler leaves the response to
/// the page that called OpenIddict, and keeps the reason where <c>Account/IssuerRedirection</c> finds it.
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
        // When a browser comes back from the issuer, the page runs even after an error.
        if (context.EndpointType is OpenIddictClientEndpointType.Unknown)
        {
            context.Transaction.SetProperty(typeof(KeepError).FullName!, context);
            context.HandleRequest();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Null if there was no error.</summary>
    public static ProcessErrorContext? Of(OpenIddictClientTransaction transaction) =>
        transaction.GetProperty<ProcessErrorContext>(typeof(KeepError).FullName!);
}
