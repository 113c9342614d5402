using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>
/// RFC 8628 3.2 and 3.5: tells a device how long to wait between two polls, and to slow down if it polls sooner. Once the person has
/// answered, the device gets the answer however soon it polls.
/// </summary>
internal sealed class LimitDevicePolls(DevicePolls polls)
    : IOpenIddictServerHandler<ApplyDeviceAuthorizationResponseContext>, IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public ValueTask HandleAsync(ApplyDeviceAuthorizationResponseContext context)
    {
        if (string.IsNullOrEmpty(context.Response.Error))
        {
            context.Response[Parameters.Interval] = (long)DevicePolls.Interval.TotalSeconds;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response.Error is Errors.AuthorizationPending && context.Request?.DeviceCode is { } code && !polls.TryPoll(code))
        {
            context.Response.Error = Errors.SlowDown;
            context.Response.ErrorDescription =
                "The device polls too often. From now on it has to wait five seconds longer between two polls.";
        }

        return ValueTask.CompletedTask;
    }
}
