using AuthServer.Passwords;
using AuthServer.Users;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Hasher = AuthServer.Passwords.PasswordHasher;

namespace AuthServer.Tests.Passwords;

public sealed class PasswordHasherTests
{
    private const string Password = "correct horse battery staple";

    private readonly Hasher hasher = new();
    private readonly User user = new();

    [Fact]
    public void A_new_hash_is_Argon2id_with_the_parameters_of_OWASP_and_its_own_salt()
    {
        var first = hasher.HashPassword(user, Password);
        var second = hasher.HashPassword(user, Password);

        Assert.StartsWith("$argon2id$v=19$m=12288,t=3,p=1$", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.Equal(PasswordVerificationResult.Success, Verify(first));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(first, "Correct horse battery staple"));
    }

    /// <summary>
    /// Made by the reference implementation: <c>printf PASSWORD | argon2 somesalt16bytes! -id -t 3 -k 12288 -p 1 -l 32 -e</c>.
    /// </summary>
    [Fact]
    public void A_hash_of_the_reference_implementation_verifies() => Assert.Equal(
        PasswordVerificationResult.Success,
        Verify("$argon2id$v=19$m=12288,t=3,p=1$c29tZXNhbHQxNmJ5dGVzIQ$Dl18RSnVqNIyHQCgeCcSvONfe/bcmHdeQ8tNODcOGE0"));

    /// <summary>Made in the same way with <c>-t 3 -k 8192</c> and <c>-t 2 -k 19456</c>.</summary>
    [Theory]
    [InlineData("$argon2id$v=19$m=8192,t=3,p=1$c29tZXNhbHQxNmJ5dGVzIQ$AGszzMB+AXcthzL0AUbLt+J7piSoCD/oBY5hSZNW9r0")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ$W2/hNMtQKxyFQI3cOFyMdL9hfH0kK/3DKouGLtcZUyw")]
    public void A_hash_with_other_parameters_verifies_and_asks_for_a_rehash(string hash) =>
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Verify(hash));

    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2)]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3)]
    public void A_hash_of_ASP_NET_Core_Identity_verifies_and_asks_for_a_rehash(PasswordHasherCompatibilityMode mode)
    {
        var identity = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { CompatibilityMode = mode }));
        var hash = identity.HashPassword(user, Password);

        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Verify(hash));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, "wrong"));
    }

    /// <summary>Made by Python's <c>hashlib.pbkdf2_hmac('sha256', password, salt, iterations)</c>, which Django calls.</summary>
    [Theory]
    [InlineData("pbkdf2_sha256$36000$seasalt$TaQQRcnh4hU8iSZcpaozs5T7dqSAWseC8xFZxa+uQJ4=", Password)]
    [InlineData("pbkdf2_sha256$1000$n4Cl$M9sab+3azV6Ulw1c8kZGlMKiVOD0rtd8PbLfcX61JKw=", "pässwörd")]
    public void A_hash_of_Django_verifies_and_asks_for_a_rehash(string hash, string password)
    {
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Verify(hash, password));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, password + " "));
    }

    /// <summary>
    /// Made by <c>htpasswd -nbBC 5 u PASSWORD</c>. For <c>bcrypt_sha256</c>, the password is the hexadecimal digest of
    /// <c>sha256sum</c>, as in Django.
    /// </summary>
    [Theory]
    [InlineData("$2y$05$SdJHOYXn3YUKa49KuDZFjuSal3H7gC/Tyk94b2Se2KCIZgfFa4MTK")]
    [InlineData("bcrypt$$2y$05$SdJHOYXn3YUKa49KuDZFjuSal3H7gC/Tyk94b2Se2KCIZgfFa4MTK")]
    [InlineData("bcrypt_sha256$$2y$05$u4Iep7CMVayG8Qv9i.LYc.S1oh5hrdoHLXQ7vg4AEqeaNcDQ2t2h.")]
    public void A_hash_of_bcrypt_verifies_and_asks_for_a_rehash(string hash)
    {
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Verify(hash));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, "wrong"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$argon2id$")]
    [InlineData("$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ$W2/hNMtQKxyFQI3cOFyMdL9hfH0kK/3DKouGLtcZUyw")]
    [InlineData("$argon2id$v=19$m=19456,t=9999,p=1$c29tZXNhbHQxNmJ5dGVzIQ$W2/hNMtQKxyFQI3cOFyMdL9hfH0kK/3DKouGLtcZUyw")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=4$c29tZXNhbHQxNmJ5dGVzIQ$W2/hNMtQKxyFQI3cOFyMdL9hfH0kK/3DKouGLtcZUyw")]
    [InlineData("pbkdf2_sha256$999999999$seasalt$TaQQRcnh4hU8iSZcpaozs5T7dqSAWseC8xFZxa+uQJ4=")]
    [InlineData("pbkdf2_sha256$36000$seasalt$short")]
    [InlineData("$2y$31$SdJHOYXn3YUKa49KuDZFjuSal3H7gC/Tyk94b2Se2KCIZgfFa4MTK")]
    [InlineData("not a hash at all")]
    public void Stored_text_that_is_not_a_hash_or_too_expensive_fails_at_once(string stored) =>
        Assert.Equal(PasswordVerificationResult.Failed, Verify(stored));

    [Fact]
    public void Different_encodings_of_the_same_characters_are_the_same_password()
    {
        var composed = hasher.HashPassword(user, "p\u00e4sswort-lang");

        Assert.Equal(PasswordVerificationResult.Success, Verify(composed, "pa\u0308sswort-lang"));
    }

    [Fact]
    public void Text_that_is_too_long_or_not_Unicode_is_refused_before_hashing()
    {
        var hash = hasher.HashPassword(user, Password);

        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, new string('x', 1025)));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, "lone surrogate \ud800"));
        Assert.Throws<ArgumentException>(() => hasher.HashPassword(user, new string('x', 1025)));
    }

    [Property(MaxTest = 500)]
    public bool No_stored_text_whatever_throws_or_verifies(string? stored) =>
        Verify(stored ?? "") is PasswordVerificationResult.Failed;

    [Property(MaxTest = 500)]
    public bool No_damage_to_an_Argon2id_hash_throws(int place, char character)
    {
        var hash = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQxNmJ5dGVzIQ$W2/hNMtQKxyFQI3cOFyMdL9hfH0kK/3DKouGLtcZUyw".ToCharArray();
        hash[(int)((uint)place % hash.Length)] = character;
        var text = new string(hash);

        return !Argon2idHash.TryParse(text, out var parsed) || parsed.ToString() == text || parsed.Salt.Length > 0;
    }

    private PasswordVerificationResult Verify(string hash, string password = Password) => hasher.VerifyHashedPassword(user, hash, password);
}
