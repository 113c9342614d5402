using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>A refused form gives the reason in its own words, marks the field and puts the focus there.</summary>
public sealed class RefusedFieldsTests
{
    [Theory]
    [InlineData("password", "current", "current=", "new=staple-battery-plum", "Enter your current password.")]
    [InlineData("password", "current", "current=wrong-password-here", "new=staple-battery-plum", "Your current password is wrong.")]
    [InlineData("password", "new", "current=correct-horse-apple", "new=", "Enter a new password.")]
    [InlineData("password", "new", "current=correct-horse-apple", "new=short", "Use at least 12 characters")]
    [InlineData("reset", "new", "new=", "", "Enter a new password.")]
    [InlineData("reset", "new", "new=password1234", "", "Many people use this password")]
    [InlineData("activate", "displayName", "displayName= ", "new=staple-battery-plum", "Enter your name")]
    [InlineData("activate", "new", "displayName=Carol", "new=", "Enter a new password.")]
    [InlineData("activate", "new", "displayName=Carol", "new=short", "Use at least 12 characters")]
    [InlineData("data", "password", "password=", "isSure=true", "Enter your current password.")]
    [InlineData("data", "isSure", "password=correct-horse-apple", "", "Check the box")]
    [InlineData("authenticator", "code", "code=000000", "action=confirm", "Wrong or already used code")]
    [InlineData("email", "email", "email=x", "", "We can’t send email to this address")]
    [InlineData("device", "user_code", "user_code=AAAA-AAAA", "", "We don’t know this code")]
    [InlineData("forgotten password", "userName", "userName=", "", "Enter your user name or email.")]
    [InlineData("register", "email", "email=x", "", "We can’t send email to this address")]
    public async Task The_field_is_marked_with_the_reason(string name, string field, string first, string second, string text)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await Scene.Pages[name](new Scene(app, browser));
        var form = name is "data" ? page with { Html = "<main" + page.Html.Split("<form")[^1].Insert(0, "><form") } : page;

        page = name is "device"
            ? await browser.GoAsync("/device?" + first)
            : await browser.SubmitAsync(
                form, [.. new[] { first, second }.Where(pair => pair.Length > 0).Select(pair => (pair.Split('=')[0], pair.Split('=')[1]))]);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains(text, page.Text, StringComparison.Ordinal);
        var inputs = Regex.Matches(page.Html, "<input[^>]*>", RegexOptions.Singleline).Select(match => match.Value).ToList();
        var marked = Assert.Single(inputs, input => input.Contains("aria-invalid=\"true\"", StringComparison.Ordinal));
        Assert.Contains($"name=\"{field}\"", marked, StringComparison.Ordinal);
        Assert.Contains("problem", Regex.Match(marked, "aria-describedby=\"([^\"]*)\"").Groups[1].Value.Split(' '));
        Assert.Equal(marked, Assert.Single(inputs, input => input.Contains("autofocus", StringComparison.Ordinal)));
    }
}
