using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd.Tests.Support;

internal static class DeviceRequest
{
    /// <returns>The address at which a user can allow the demo's terminal to sign in (RFC 8628 3.2).</returns>
    public static async Task<string> DeviceAddressAsync(this RunningProgram issuer)
    {
        using var http = new HttpClient { BaseAddress = issuer.Address };
        using var form =
            new FormUrlEncodedContent([new("client_id", "terminal"), new("scope", "openid profile offline_access notes.read")]);
        using var answer = await http.PostAsync("/connect/device", form);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verification_uri_complete").GetString()!;
    }
}
