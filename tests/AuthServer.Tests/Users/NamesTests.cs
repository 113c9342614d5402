using AuthServer.Users;

namespace AuthServer.Tests.Users;

public sealed class NamesTests
{
    [Theory]
    [InlineData("alice@example.test", "alice@example.test")]
    [InlineData(" Alice@Example.TEST\t", "Alice@example.test")]
    [InlineData("o'hara@example.test", "o'hara@example.test")]
    [InlineData("a!#$%&'*+-/=?^_`{|}~z@example.test", "a!#$%&'*+-/=?^_`{|}~z@example.test")]
    [InlineData("ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｔｅｓｔ", "alice@example.test")]
    [InlineData("alice@한국。example", "alice@한국.example")]
    [InlineData("alice@BÜCHER.example", "alice@bücher.example")]
    [InlineData("root@localhost", "root@localhost")]
    public void An_address_is_stored_in_one_spelling(string typed, string kept) => Assert.Equal(kept, EmailAddress.Clean(typed));

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@example.test")]
    [InlineData("alice@")]
    [InlineData("Alice <alice@example.test>")]
    [InlineData("<alice@example.test>")]
    [InlineData("alice@example.test, bob@example.test")]
    [InlineData("\"alice\"@example.test")]
    [InlineData("alice..b@example.test")]
    [InlineData(".alice@example.test")]
    [InlineData("al ice@example.test")]
    [InlineData("alice@example.test.")]
    [InlineData("alice@exam_ple.test")]
    [InlineData("alice@-example.test")]
    [InlineData("alice@[192.0.2.1]")]
    [InlineData("alice@example..test")]
    [InlineData("a@b@example.test")]
    [InlineData("김@example.test")]
    [InlineData("ali\u200Bce@example.test")]
    [InlineData("ali\u00ADce@example.test")]
    [InlineData("alice@exam\u2060ple.test")]
    [InlineData("\uFEFFalice@example.test")]
    [InlineData("alice@example.test\u202E")]
    [InlineData("alice@example.test\r\nBcc: b@example.test")]
    [InlineData("alice\u3164@example.test")]
    public void A_text_that_is_not_one_bare_address_is_refused(string typed) => Assert.Null(EmailAddress.Clean(typed));

    [Theory]
    [InlineData("alice@example.test", " ALICE@Example.test ")]
    [InlineData("alice@bücher.example", "alice@xn--bcher-kva.example")]
    [InlineData("alice@example.test", "ａｌｉｃｅ@example.test")]
    [InlineData("alice", " ＡＬＩＣＥ\u00A0")]
    [InlineData("josé", "JOSE\u0301")]
    [InlineData("김철수", "\u1100\u1175\u11B7\u110E\u1165\u11AF\u1109\u116E")]
    public void Spellings_of_one_name_are_equal(string one, string other) =>
        Assert.Equal(UserNames.Comparable(one), UserNames.Comparable(other));

    [Theory]
    [InlineData("ali\u200Bce")]
    [InlineData("alice\0")]
    [InlineData("\uFFFE")]
    public void Invisible_characters_are_not_a_name(string typed) => Assert.Equal("", UserNames.Comparable(typed));

    // Not as InlineData, because an attribute cannot store this text.
    [Fact]
    public void Half_of_a_surrogate_pair_is_not_a_name() =>
        Assert.Equal(("", null), (UserNames.Comparable("\ud800"), EmailAddress.Clean("alice@example.test\ud800")));

    [Theory]
    [InlineData("josé")]
    [InlineData("김철수")]
    [InlineData("d'arcy")]
    [InlineData("tanaka_太郎")]
    [InlineData("Иван-2")]
    [InlineData("Ελένη")]
    [InlineData("देवी")]
    [InlineData("first.last+tag")]
    [InlineData("2pac")]
    public void Names_of_people_are_accepted(string name)
    {
        Assert.Equal(name.Normalize(), UserNames.Clean(name));
        Assert.False(Scripts.AreMixed(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("<script>")]
    [InlineData("a/b")]
    [InlineData("-alice")]
    [InlineData("\u0301alice")]
    [InlineData("alice🔑")]
    [InlineData("alice\u202Eecila")]
    public void An_unusable_name_is_refused(string name) => Assert.Null(UserNames.Clean(name));

    [Theory]
    [InlineData("p\u0430ypal")] // a Cyrillic a
    [InlineData("al\u03BFce")] // a Greek omicron
    [InlineData("\u0585live")] // an Armenian o
    [InlineData("김\u0430")]
    public void Mixed_letters_of_scripts_that_look_alike_are_found(string name) => Assert.True(Scripts.AreMixed(name));
}
