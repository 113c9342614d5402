using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Logout;
using AuthServer.Mail;
using AuthServer.Outbox;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Operations;

/// <summary>A mail that has not been handed over yet, without the letter.</summary>
/// <param name="Kind">The occasion, for example <c>reset_password</c>.</param>
/// <param name="Recipient">The address.</param>
/// <param name="DueAt">From then on it is sent. While it is being sent, the end of the attempt.</param>
/// <param name="ExpiresAt">From then on it is not sent any more.</param>
/// <param name="Attempts">The number of attempts that were begun.</param>
/// <param name="LastError">Why the last attempt failed; null if none has.</param>
internal sealed record MailView(
    Guid Id, string Kind, string Recipient, Guid? UserId, DateTimeOffset CreatedAt, DateTimeOffset DueAt, DateTimeOffset ExpiresAt,
    int Attempts, string? LastError);

/// <summary>A task to tell an app that a sign-in has ended.</summary>
/// <param name="Kind"><c>backchannel_logout</c>.</param>
/// <param name="Recipient">The <c>client_id</c> of the app.</param>
/// <param name="SessionId">The <c>sid</c>.</param>
/// <param name="DueAt">From then on it is sent. While it is being sent, the end of the attempt.</param>
/// <param name="Attempts">The number of attempts that were begun.</param>
/// <param name="LastError">Why the last attempt failed; null if none has.</param>
internal sealed record NoticeView(
    Guid Id, string Kind, string? Recipient, Guid SessionId, DateTimeOffset CreatedAt, DateTimeOffset DueAt, int Attempts, string? LastError);

/// <summary>What operators do with messages that wait.</summary>
internal sealed class OutboxOperations(AuthDbContext context, TimeProvider time)
{
    /// <param name="after">The position of the last message of the page before.</param>
    /// <returns>The oldest first. One statement.</returns>
    public async Task<IReadOnlyList<MailView>> MailsAsync(
        (DateTimeOffset At, Guid Id)? after, int limit, CancellationToken cancellationToken) =>
        await Page<OutgoingMail>(after, limit)
            .Select(mail => new MailView(
                mail.Id,
                Word(mail.Kind),
                mail.Recipient,
                mail.UserId,
                mail.CreatedAt,
                mail.DueAt,
                mail.ExpiresAt,
                mail.Attempts,
                mail.LastError))
            .ToListAsync(cancellationToken);

    /// <inheritdoc cref="MailsAsync"/>
    public async Task<IReadOnlyList<NoticeView>> NoticesAsync(
        (DateTimeOffset At, Guid Id)? after, int limit, CancellationToken cancellationToken) =>
        await Page<LogoutNotice>(after, limit)
            .Select(notice => new NoticeView(
                notice.Id,
                "backchannel_logout",
                context.Set<Client>().Where(client => client.Id == notice.ApplicationId).Select(client => client.ClientId).FirstOrDefault(),
                notice.SessionId,
                notice.CreatedAt,
                notice.DueAt,
                notice.Attempts,
                notice.LastError))
            .ToListAsync(cancellationToken);

    /// <summary>Sends a message now. One that is being sent at the moment may be sent twice.</summary>
    /// <exception cref="OperationException">There is no such message: it may have been sent meanwhile.</exception>
    public async Task RetryAsync<TMessage>(Guid id, CancellationToken cancellationToken) where TMessage : OutboxMessage
    {
        var now = time.GetUtcNow();
        if (await context.Set<TMessage>().Where(message => message.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.DueAt, now), cancellationToken) is 0)
        {
            throw new OperationException(OperationFault.NotFound, $"No message '{id}' is waiting. It may have been sent.");
        }
    }

    private static string Word(MailKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private IQueryable<TMessage> Page<TMessage>((DateTimeOffset At, Guid Id)? after, int limit) where TMessage : OutboxMessage
    {
        IQueryable<TMessage> found = context.Set<TMessage>().AsNoTracking();
        if (after is var (at, id))
        {
            found = found.Where(message => message.CreatedAt > at || (message.CreatedAt == at && message.Id > id));
        }

        return found.OrderBy(message => message.CreatedAt).ThenBy(message => message.Id).Take(limit);
    }
}
