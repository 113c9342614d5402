using System.Net;
using System.Net.Sockets;
using AuthServer.Hosting;

namespace AuthServer.Throttling;

/// <summary>Tells clients apart by their IPv4 address, or by the /64 network that one IPv6 subscriber has alone (RFC 6177).</summary>
internal static class ClientAddress
{
    public static Fingerprint Key(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        var bytes = (address.AddressFamily is AddressFamily.InterNetwork ? address.MapToIPv6() : address).GetAddressBytes();
        if (!address.IsIPv4MappedToIPv6 && address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            bytes.AsSpan(8).Clear();
        }

        return Fingerprint.Read(bytes);
    }
}
