using AuthServer.Mail;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Passwords;

public sealed class PasswordRulesTests
{
    private static readonly SiteWords Words = new(
        Options.Create(new ConnectOptions { Issuer = "https://login.mapleworks.example/" }),
        Options.Create(new MailOptions { FromName = "Lantern Post" }));

    private static readonly PasswordRules Rules = new(Words, new BreachedPasswords(Options.Create(new PasswordsOptions())));

    private static readonly User Alice = new() { UserName = "alice", Email = "alice.ahn@example.test" };

    [Theory]
    [InlineData("password1234")]
    [InlineData("Passw0rd1234")]
    [InlineData("qwertyuiop12")]
    [InlineData("111111111111")]
    [InlineData("iloveyou1234")]
    [InlineData("abcdefghijkl")]
    [InlineData("iloveyou2024!")]
    [InlineData("qwerty123456")]
    [InlineData("Liverpool1234")]
    [InlineData("sunshine2024")]
    public async Task A_common_password_is_refused(string password) => Assert.Equal("PasswordTooCommon", await ProblemAsync(password));

    [Theory]
    [InlineData("AuthPlatform1")]
    [InlineData("LanternPost1!")]
    [InlineData("mapleworks2026")]
    [InlineData("login.mapleworks.example")]
    public async Task A_password_made_from_the_sites_name_is_refused(string password) =>
        Assert.Equal("PasswordTooCommon", await ProblemAsync(password));

    [Theory]
    [InlineData("my alice is long enough")]
    [InlineData("ALICE.AHN and more words")]
    public async Task A_password_made_from_the_accounts_name_is_refused(string password) =>
        Assert.Equal("PasswordContainsName", await ProblemAsync(password));

    [Theory]
    [InlineData("xxVSDKROusxTM")]
    [InlineData("VJHT123jltccf")]
    [InlineData("54635422val1992")]
    public async Task A_breached_password_is_refused(string password) => Assert.Equal("PasswordBreached", await ProblemAsync(password));

    [Theory]
    [InlineData("correct-horse-dates")]
    [InlineData("a long enough password")]
    [InlineData("비밀번호는 길수록 좋다")]
    [InlineData("x7$kQ!pl0-Zr")]
    public async Task A_long_unknown_password_is_accepted(string password) => Assert.Null(await ProblemAsync(password));

    [Theory]
    [InlineData("password1234", 0, "PasswordTooCommon")]
    [InlineData("Zq7$x", 0, "PasswordTooShort")]
    [InlineData("xxVSDKROusxTM", 0, "PasswordBreached")]
    [InlineData("alice-loves-plum-jam", 0, "PasswordContainsName")]
    [InlineData("my alice.ahn is long enough", 0, "PasswordContainsName")]
    [InlineData("staple-battery-plum", 4, null)]
    public void A_refused_password_has_no_strength_and_a_reason(string password, int strength, string? reason) =>
        Assert.Equal((strength, reason), Rules.StrengthOf(password, Alice));

    [Fact]
    public async Task The_longest_password_is_judged_quickly()
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        Assert.Null(await ProblemAsync(string.Concat(Enumerable.Repeat("4@8({[3#1!|0$5+7%2", 56))));

        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static async Task<string?> ProblemAsync(string password) =>
        (await Rules.ValidateAsync(null!, Alice, password)).Errors.FirstOrDefault()?.Code;
}
