using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Consent;

/// <param name="At">When consent was last given.</param>
internal sealed record GivenConsent(IReadOnlyList<string> Scopes, DateTimeOffset At);

/// <summary>What a person has allowed an app.</summary>
/// <param name="App">The <c>client_id</c>.</param>
/// <param name="Name">What users see.</param>
/// <param name="Scopes">What the app may ask for without asking the person again.</param>
/// <param name="GivenAt">When consent was last given.</param>
internal sealed record ConsentView(string App, string? Name, IReadOnlyList<string> Scopes, DateTimeOffset GivenAt);

/// <summary>The scopes that a person is asked to allow an app. The value is protected on its way from the authorize endpoint to the page.</summary>
internal sealed record ConsentRequest(string ClientId, Guid User, IReadOnlyList<string> Scopes)
{
    public const string Parameter = "consent";
}

/// <summary>The consents that people have given to apps: one permanent OpenIddict authorization for each person and app.</summary>
internal sealed class Consents(AuthDbContext context, SessionEnd sessions, IDataProtectionProvider protection, TimeProvider time)
{
    // The app's request is kept as long.
    private readonly ProtectedValue<ConsentRequest> requests = new("Consent", TimeSpan.FromHours(1), protection, time);

    public async Task<GivenConsent?> FindAsync(Guid user, Guid client, CancellationToken cancellationToken)
    {
        var row = await Of(user, client).AsNoTracking().OrderByDescending(authorization => authorization.CreationDate)
            .FirstOrDefaultAsync(cancellationToken);
        return row is null
            ? null
            : new GivenConsent(ScopeList.Read(row.Scopes), InstantOf(row.CreationDate!.Value));
    }

    /// <summary>All consents of a person, in the order of the ids of the apps.</summary>
    public async Task<IReadOnlyList<ConsentView>> ListAsync(Guid user, CancellationToken cancellationToken)
    {
        var rows = await InUse(user).AsNoTracking().Where(row => row.Type == AuthorizationTypes.Permanent)
            .Select(row => new { row.Application!.ClientId, row.Application.DisplayName, row.Scopes, row.CreationDate })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.GroupBy(row => row.ClientId, StringComparer.Ordinal).OrderBy(app => app.Key, StringComparer.Ordinal)
                .Select(app => app.MaxBy(row => row.CreationDate)!)
                .Select(row => new ConsentView(
                    row.ClientId!, row.DisplayName, ScopeList.Read(row.Scopes), InstantOf(row.CreationDate!.Value))),
        ];
    }

    /// <summary>What a person has given to apps and can still be used: consents, and the authorizations of live sessions.</summary>
    public IQueryable<Authorization> InUse(Guid user)
    {
        var now = time.GetUtcNow();
        var subject = user.ToString();
        return context.Authorizations.Where(row => row.Subject == subject && row.Status == Statuses.Valid && row.Application != null
            && (row.Type == AuthorizationTypes.Permanent
                || context.Sessions.Any(session => session.Id == row.SessionId && session.EndedAt == null && session.ExpiresAt > now)));
    }

    /// <summary>Withdraws the consent, and ends the app's part of every session.</summary>
    /// <returns>False if the app had nothing from the person.</returns>
    public async Task<bool> WithdrawAsync(Guid user, Client app, CancellationToken cancellationToken)
    {
        var theirs = InUse(user).Where(row => row.Application!.Id == app.Id);
        var parts = await theirs.Select(row => new { row.Id, row.SessionId }).ToListAsync(cancellationToken);
        foreach (var part in parts.Where(part => part.SessionId is not null))
        {
            await sessions.EndAuthorizationAsync(part.SessionId!.Value, part.Id, SessionEndReasons.Withdrawn, cause: null);
        }

        await context.RecordAsync(
            token => theirs.Where(row => row.Type == AuthorizationTypes.Permanent)
                .ExecuteUpdateAsync(row => row.SetProperty(consent => consent.Status, Statuses.Revoked), token),
            new AuditFact(AuditActions.ConsentWithdrawn, AuditTarget.User(user))
            {
                Changes = AuditFact.Changed("client", app.ClientId, null),
            },
            cancellationToken);
        return parts.Count > 0;
    }

    /// <summary>Adds scopes to those that were allowed before.</summary>
    public async Task GiveAsync(Guid user, Client app, IEnumerable<string> scopes, CancellationToken cancellationToken)
    {
        var client = app.Id;
        var before = await FindAsync(user, client, cancellationToken);
        var text = ScopeList.Write(scopes.Union(before?.Scopes ?? []).Order(StringComparer.Ordinal));
        var now = time.GetUtcNow().UtcDateTime;
        var fact = new AuditFact(AuditActions.ConsentGiven, AuditTarget.User(user))
        {
            Changes = new Dictionary<string, AuditChange>(StringComparer.Ordinal)
            {
                ["client"] = new(null, app.ClientId),
                ["scopes"] = new(before is null ? null : ScopeList.Write(before.Scopes), text),
            },
        };
        var changed = await context.RecordAsync(
            token => Of(user, client).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Scopes, text).SetProperty(row => row.CreationDate, now), token),
            fact,
            cancellationToken);
        if (changed > 0)
        {
            return;
        }

        var authorization = new Authorization
        {
            CreationDate = now,
            Scopes = text,
            Status = Statuses.Valid,
            Subject = user.ToString(),
            Type = AuthorizationTypes.Permanent,
        };
        context.Add(authorization);
        context.Entry(authorization).Property<Guid?>("ApplicationId").CurrentValue = client;
        context.Record(fact);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The apps to which the person has given consent since this instant, as far as it is still valid.</summary>
    public Task<List<Client>> GivenSinceAsync(Guid user, DateTimeOffset since, CancellationToken cancellationToken) =>
        Since(user, since).Select(row => row.Application!).Distinct().OrderBy(app => app.ClientId).ToListAsync(cancellationToken);

    /// <summary>Withdraws the consent to an app, as far as it was given since this instant.</summary>
    public Task WithdrawSinceAsync(Guid user, Client app, DateTimeOffset since) => context.RecordAsync(
        token => Since(user, since).Where(row => row.Application!.Id == app.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Statuses.Revoked), token),
        new AuditFact(AuditActions.ConsentWithdrawn, AuditTarget.User(user)) { Changes = AuditFact.Changed("client", app.ClientId, null) },
        CancellationToken.None);

    public string Protect(ConsentRequest request) => requests.Protect(request);

    /// <returns>Null if this server has not written the text, or it has expired.</returns>
    public ConsentRequest? Unprotect(string? text) => requests.Unprotect(text);

    private IQueryable<Authorization> Since(Guid user, DateTimeOffset since)
    {
        var (subject, instant) = (user.ToString(), since.UtcDateTime);
        return context.Authorizations.Where(row => row.Subject == subject && row.Type == AuthorizationTypes.Permanent
            && row.Status == Statuses.Valid && row.Application != null && row.CreationDate >= instant);
    }

    private static DateTimeOffset InstantOf(DateTime utc) => new(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    private IQueryable<Authorization> Of(Guid user, Guid client)
    {
        var subject = user.ToString();
        return context.Authorizations.Where(authorization =>
            authorization.Subject == subject
            && authorization.Application!.Id == client
            && authorization.Type == AuthorizationTypes.Permanent
            && authorization.Status == Statuses.Valid);
    }
}
