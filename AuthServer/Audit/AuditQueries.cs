using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Audit;

/// <summary>Which events somebody asks for; null for all.</summary>
internal sealed record AuditFilter
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>The id of a user, a <c>client_id</c>, or an operator's account.</summary>
    public string? Actor { get; init; }

    /// <summary>The id of a user, a <c>client_id</c>, a session, a key.</summary>
    public string? Target { get; init; }

    /// <summary>The person whom the event is about.</summary>
    public Guid? Person { get; init; }

    /// <summary>An action, or the beginning of several: <c>user.</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The trace ids of requests. No index has them: <see cref="From"/> and <see cref="To"/> should be close to each other.</summary>
    public IReadOnlyList<string>? Traces { get; init; }

    /// <summary>Actions, and actions with their reason: <c>user.locked</c>, <c>session.ended ended_by_operator</c>.</summary>
    public IReadOnlyCollection<string>? Among { get; init; }

    /// <summary>Only events about one of these people.</summary>
    public IQueryable<Guid>? People { get; init; }
}

/// <summary>An event as a person may read it.</summary>
/// <param name="Personal">Null if the event names nobody, or the person's key was deleted or cannot be opened.</param>
internal sealed record ReadableEvent(AuditEvent Event, PersonalDetails? Personal)
{
    public string? Address => Personal?.Address ?? Event.Address;

    public string? UserAgent => Personal?.UserAgent;

    /// <returns>The event, without who did it and from where.</returns>
    public ReadableEvent WithoutActor() => new(
        new AuditEvent
        {
            Id = Event.Id,
            At = Event.At,
            ActorKind = Event.ActorKind,
            Action = Event.Action,
            TargetKind = Event.TargetKind,
            TargetId = Event.TargetId,
            IsRefused = Event.IsRefused,
            Reason = Event.Reason,
            TraceId = Event.TraceId,
            Changes = Event.Changes,
            PersonId = Event.PersonId,
        },
        Personal is null ? null : Personal with { Address = null, UserAgent = null });
}

/// <summary>Reads events.</summary>
internal sealed class AuditQueries(AuthDbContext context, PersonKeys keys)
{
    private const int PageSize = 500;

    /// <summary>The newest first, page by page, so that a long list needs no more memory than a short one.</summary>
    /// <param name="after">The last event that was shown already.</param>
    public async IAsyncEnumerable<IReadOnlyList<ReadableEvent>> PagesAsync(
        AuditFilter filter, int atMost, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken,
        (DateTimeOffset At, Guid Id)? after = null)
    {
        var last = after;
        for (var left = atMost; left > 0;)
        {
            var page = await PageAsync(filter, last, Math.Min(left, PageSize), cancellationToken);
            if (page.Count is 0)
            {
                yield break;
            }

            yield return page;
            last = (page[^1].Event.At, page[^1].Event.Id);
            left -= page.Count;
            keys.Forget();
        }
    }

    /// <param name="after">The last event of the page before.</param>
    /// <returns>The newest first. Two statements.</returns>
    public async Task<IReadOnlyList<ReadableEvent>> PageAsync(
        AuditFilter filter, (DateTimeOffset At, Guid Id)? after, int limit, CancellationToken cancellationToken)
    {
        var found = Of(filter);
        if (after is var (at, id))
        {
            found = found.Where(entry => entry.At < at || (entry.At == at && entry.Id < id));
        }

        var page = await found.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id)
            .Take(limit).ToListAsync(cancellationToken);
        await keys.LoadAsync([.. page.Select(entry => entry.PersonId).OfType<Guid>().Distinct()], cancellationToken);
        return page.ConvertAll(entry => new ReadableEvent(
            entry, entry is { PersonId: { } person, Encrypted: { } bytes } ? keys.Decrypt(person, bytes) : null));
    }

    private IQueryable<AuditEvent> Of(AuditFilter filter)
    {
        var found = context.Set<AuditEvent>().AsNoTracking();
        if (filter.From is { } from)
        {
            found = found.Where(entry => entry.At >= from);
        }

        if (filter.To is { } to)
        {
            found = found.Where(entry => entry.At < to);
        }

        if (filter.Actor is { } actor)
        {
            found = found.Where(entry => entry.ActorId == actor);
        }

        if (filter.Target is { } target)
        {
            found = found.Where(entry => entry.TargetId == target);
        }

        if (filter.Person is { } person)
        {
            found = found.Where(entry => entry.PersonId == person);
        }

        if (filter.Traces is { } traces)
        {
            found = found.Where(entry => traces.Contains(entry.TraceId!));
        }

        if (filter.Among is { } among)
        {
            found = found.Where(entry => among.Contains(entry.Action) || among.Contains(entry.Action + " " + entry.Reason));
        }

        if (filter.People is { } people)
        {
            found = found.Where(entry => entry.PersonId != null && people.Contains(entry.PersonId.Value));
        }

        return filter.Action is { } action ? found.Where(entry => entry.Action.StartsWith(action)) : found;
    }
}
