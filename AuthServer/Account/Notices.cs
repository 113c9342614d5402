using AuthServer.Hosting;
using AuthServer.Pages;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Account;

/// <summary>
/// Tells, on the page that the browser is redirected to, what has just been done. The value is protected, so a forged link cannot claim that
/// something happened.
/// </summary>
internal sealed class Notices(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Parameter = "done";

    private readonly ProtectedValue<Notice> values = new("Notice", TimeSpan.FromMinutes(5), protection, time);

    private sealed record Notice(string Text, Guid Person);

    /// <param name="text">A key of <see cref="Texts"/>.</param>
    public string Protect(string text, Guid person) => values.Protect(new Notice(text, person));

    /// <returns>A key of <see cref="Texts"/>; null unless this person did it within the last five minutes.</returns>
    public string? Read(HttpRequest request, Guid person) =>
        values.Unprotect(request.Query[Parameter]) is { } notice && notice.Person == person ? notice.Text : null;
}
