using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using SampleClient.App;

namespace SampleClient.Sessions;

/// <summary>
/// Sessions as protected files, one each: a restart loses none. For one process. An app that runs on several nodes
/// puts them in a store that these share.
/// </summary>
internal sealed class SessionStore(DataDirectory data, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>A session unused for so long is over: the issuer's refresh tokens live no longer by default.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly IDataProtector _protector = protection.CreateProtector("SampleClient.Session.v1");
    private readonly Lock _lock = new();

    /// <summary>Random, followed by what finds all sessions of a sign-in at the issuer, or of a person, without opening each.</summary>
    public static string NewId(string subject, string? issuerSession)
        => $"{RandomNumberGenerator.GetHexString(64, lowercase: true)}-{Mark(issuerSession)}-{Mark(subject)}";

    public Session? Find(string id)
    {
        lock (_lock)
        {
            return Read(id);
        }
    }

    public void Add(Session session)
    {
        lock (_lock)
        {
            foreach (var file in data.Sessions.EnumerateFiles().Where(IsOver))
            {
                file.Delete();
            }

            Write(session);
        }
    }

    /// <summary>Changes what is stored now, not what the caller read before. Null when the session is gone.</summary>
    public Session? Update(string id, Func<Session, Session> change)
    {
        lock (_lock)
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
        lock (_lock)
        {
            File(id).Delete();
        }
    }

    /// <summary>The issuer has ended the sign-in. Tokens go, what the person was doing stays.</summary>
    /// <param name="issuerSession">Which one; null for all of the person.</param>
    /// <param name="subject">The person; null when the session says enough.</param>
    /// <returns>How many sessions of this app were of it.</returns>
    public int End(string? issuerSession, string? subject)
    {
        var pattern = $"*-{(issuerSession is null ? "*" : Mark(issuerSession))}-{(subject is null ? "*" : Mark(subject))}";
        lock (_lock)
        {
            return data.Sessions.GetFiles(pattern).Where(file => file.Extension is "").Select(file => Read(file.Name)).OfType<Session>()
                .Where(session => session.Tokens is not null)
                .Select(session => { Write(session with { Tokens = null }); return session; }).Count();
        }
    }

    private static string Mark(string? value)
        => value is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16));

    private Session? Read(string id)
    {
        var file = File(id);
        if (!file.Exists || IsOver(file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Session>(_protector.Unprotect(System.IO.File.ReadAllBytes(file.FullName)));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            // The key ring was replaced, or the file is from a version before this one: sign in again.
            return null;
        }
    }

    // A rename is all or nothing: a process killed meanwhile leaves the session as it was.
    private void Write(Session session)
    {
        var file = File(session.Id);
        System.IO.File.WriteAllBytes(file.FullName + ".new", _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(session)));
        System.IO.File.Move(file.FullName + ".new", file.FullName, overwrite: true);
    }

    private bool IsOver(FileInfo file) => file.LastWriteTimeUtc < (time.GetUtcNow() - Lifetime).UtcDateTime;

    private FileInfo File(string id) => new(Path.Combine(data.Sessions.FullName, id));
}
