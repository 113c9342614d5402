using AuthServer.Passwords;
using AuthServer.Users;

namespace AuthServer.Platform;

/// <summary>Reads one of the <c>users</c>.</summary>
internal sealed class UserReader(SecretReference secrets)
{
    private const int LongestName = UserLookup.LongestName;

    public UserEntry Read(YamlMap map)
    {
        var (keyPlace, namePlace, emailPlace) = (map.PlaceOf("key"), map.PlaceOf("name"), map.PlaceOf("email"));
        var (displayPlace, hashPlace) = (map.PlaceOf("display_name"), map.PlaceOf("password_hash"));
        var key = map.Text("key");
        var (name, email) = (map.RequiredText("name"), map.RequiredText("email"));
        var user = new UserEntry(
            map.Place,
            key,
            UserNames.Clean(name) ?? "",
            EmailAddress.Clean(email) ?? "",
            map.Flag("email_confirmed"),
            map.Text("display_name"),
            secrets.Read(map, "password"),
            secrets.Read(map, "password_hash"),
            map.Names("roles"));
        if (user.Key is "")
        {
            map.Report(keyPlace, "'key' is empty.");
        }

        map.Bound(keyPlace, "key", user.Key, PlatformEntry.LongestMark);
        map.Bound(namePlace, "name", name, LongestName);
        map.Bound(emailPlace, "email", email, LongestName);
        map.Bound(displayPlace, "display_name", user.DisplayName, LongestName);
        if (name.Length is > 0 and <= LongestName && user.Name.Length is 0)
        {
            map.Report(namePlace, "'name' of a user must be letters, digits and _ - . + ' or the user's email address.");
        }

        if (email.Length is > 0 and <= LongestName && user.Email.Length is 0)
        {
            map.Report(emailPlace, "'email' must be an email address.");
        }

        if (user is { Password: not null, PasswordHash: not null })
        {
            map.Report(hashPlace, "'password' and 'password_hash' exclude each other.");
        }
        else if (user.PasswordHash is { } hash && !PasswordHasher.Recognizes(hash))
        {
            map.Report(
                hashPlace, "'password_hash' must refer to a hash of Argon2id, bcrypt, ASP.NET Core Identity or Django (pbkdf2_sha256).");
        }

        map.End();
        return user;
    }
}
