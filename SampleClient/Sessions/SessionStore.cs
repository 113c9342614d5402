using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using SampleClient.App;

namespace SampleClient.Sessions;

/// <summary>
/// Keeps each session in an encrypted file, so that a restart loses none. For one process: an app on several nodes needs a store
/// that the nodes share.
/// </summary>
internal sealed class SessionStore(DataDirectory data, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>A session that is unused for this long has ended; by default the issuer's refresh tokens live no longer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly IDataProtector protector = protection.CreateProtector("SampleClient.Session.v1");
    private readonly Lock gate = new();

    /// <summary>
    /// A random part, then hashes of the issuer's session and of the subject. By these, all sessions of either are found without
    /// opening each file.
    /// </summary>
    public static string NewId(string subject, string? issuerSession) =>
        $"{RandomNumberGenerator.GetHexString(64, lowercase: true)}-{Mark(issuerSession)}-{Mark(subject)}";

    public Session? Find(string id)
    {
        lock (gate)
        {
            return Read(id);
        }
    }

    public void Add(Session session)
    {
        lock (gate)
        {
            foreach (var file in data.Sessions.EnumerateFiles().Where(IsOver))
            {
                file.Delete();
            }

            Write(session);
        }
    }

    /// <summary>Changes the session as it is stored now, not as the caller has read it before. Null if the session is gone.</summary>
    public Session? Update(string id, Func<Session, Session> change)
    {
        lock (gate)
        {
            if (Read(id) is not { } session)
            {
                return null;
            }

            var changed = change(session);
            Write(changed);
            return changed;
        }
    }

    public void Remove(string id)
    {
        lock (gate)
        {
            File(id).Delete();
        }
    }

    /// <summary>
    /// Ends the sessions of a sign-in that the issuer has ended. Their tokens are removed; what the user was doing is kept.
    /// </summary>
    /// <param name="issuerSession">The issuer's session; null for all sessions of the user.</param>
    /// <param name="subject">The user; null if the issuer's session is enough.</param>
    /// <returns>How many sessions of this app have ended.</returns>
    public int End(string? issuerSession, string? subject)
    {
        var pattern = $"*-{(issuerSession is null ? "*" : Mark(issuerSession))}-{(subject is null ? "*" : Mark(subject))}";
        lock (gate)
        {
            return data.Sessions.GetFiles(pattern).Where(file => file.Extension is "").Select(file => Read(file.Name)).OfType<Session>()
                .Where(session => session.Tokens is not null)
                .Select(session => { Write(session with { Tokens = null }); return session; }).Count();
        }
    }

    private static string Mark(string? value) =>
        value is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16));

    private Session? Read(string id)
    {
        var file = File(id);
        if (!file.Exists || IsOver(file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Session>(protector.Unprotect(System.IO.File.ReadAllBytes(file.FullName)));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            // The key ring was replaced, or an earlier version wrote the file. The user has to sign in again.
            return null;
        }
    }

    // A rename is atomic: if the process is killed meanwhile, the session stays as it was.
    private void Write(Session session)
    {
        var file = File(session.Id);
        System.IO.File.WriteAllBytes(file.FullName + ".new", protector.Protect(JsonSerializer.SerializeToUtf8Bytes(session)));
        System.IO.File.Move(file.FullName + ".new", file.FullName, overwrite: true);
    }

    private bool IsOver(FileInfo file) => file.LastWriteTimeUtc < (time.GetUtcNow() - Lifetime).UtcDateTime;

    private FileInfo File(string id) => new(Path.Combine(data.Sessions.FullName, id));
}
