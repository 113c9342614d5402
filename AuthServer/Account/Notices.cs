using AuthServer.Hosting;
using AuthServer.Pages;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Account;

/// <summary>
/// What has just been done, told on the page that the browser is redirected to. The value is protected: a link of somebody else cannot say that
/// something happened which never did.
/// </summary>
internal sealed class Notices(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Parameter = "done";

    private readonly ProtectedValue<Notice> values = new("Notice", TimeSpan.FromMinutes(5), protection, time);

    private sealed record Notice(string Text, Guid Person);

    /// <param name="text">A key of <see cref="Texts"/>.</param>
    public string Protect(string text, Guid person) => values.Protect(new Notice(text, person));

    /// <returns>Null for what was not done by this person within the last minutes.</returns>
    public string? Read(HttpRequest request, Guid person) => values.Unprotect(request.Query[Parameter]) is { } notice && notice.Person == person ? notice.Text : null;
}
