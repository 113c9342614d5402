using System.Net;

namespace AuthServer.Protocol;

/// <summary>The address of the client that sent a request: behind a trusted proxy, the address that the proxy names.</summary>
internal static class RemoteAddressExtensions
{
    public static IPAddress? RemoteAddress(this HttpContext context) => context.Connection.RemoteIpAddress;
}
