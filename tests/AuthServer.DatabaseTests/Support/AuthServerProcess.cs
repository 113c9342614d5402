using AuthServer.Data;
using Rig;

namespace AuthServer.DatabaseTests.Support;

/// <summary>The server as in production.</summary>
internal static class AuthServerProcess
{
    /// <param name="arguments">The arguments of its command line; without them it serves.</param>
    /// <param name="prefix">A command that runs the server; none by default.</param>
    public static ServerProcess Start(
        DatabaseProvider provider, string connectionString, string[]? arguments = null, string[]? prefix = null,
        params (string Key, string? Value)[] settings) =>
        ServerProcess.Start(
            [.. prefix ?? [], "dotnet", "exec", Built.AuthServer, .. arguments ?? []],
            [
                ("Connect:Issuer", "http://localhost:8400/"),
                ("Database:Provider", $"{provider}"),
                ("ConnectionStrings:AuthServer", connectionString),
                .. settings,
            ]);
}
