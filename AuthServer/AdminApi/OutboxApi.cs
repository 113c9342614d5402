using AuthServer.Logout;
using AuthServer.Mail;
using AuthServer.Operations;
using AuthServer.Outbox;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/mails</c> and <c>/logout-notices</c>: messages that wait to be sent.</summary>
internal static class OutboxApi
{
    public static void MapOutbox(this RouteGroupBuilder api)
    {
        var mails = api.MapGroup("/mails").WithTags("Outbox");
        mails.MapGet("", ListMailsAsync).Requires(OutboxRead).WithName("listMails").WithSummary("Lists waiting mails, the oldest first.");
        mails.MapPost("/{id:guid}/retry", RetryAsync<OutgoingMail>).Requires(OutboxWrite).WithName("retryMail")
            .WithSummary("Sends a waiting mail now.");
        var notices = api.MapGroup("/logout-notices").WithTags("Outbox");
        notices.MapGet("", ListNoticesAsync).Requires(OutboxRead).WithName("listLogoutNotices")
            .WithSummary("Lists waiting logout notices to apps, the oldest first.");
        notices.MapPost("/{id:guid}/retry", RetryAsync<LogoutNotice>).Requires(OutboxWrite).WithName("retryLogoutNotice")
            .WithSummary("Sends a waiting logout notice now.");
    }

    private static async Task<Ok<Page<MailView>>> ListMailsAsync(
        HttpContext http, OutboxOperations outbox, CancellationToken cancellationToken, string? cursor = null, int? limit = null)
    {
        var paging = Paging.Read(cursor, limit, 2);
        var rows = await outbox.MailsAsync(paging.InstantAndId, paging.Limit + 1, cancellationToken);
        return TypedResults.Ok(paging.PageOf(http, rows, row => Paging.PositionOf(row.CreatedAt, row.Id), row => row));
    }

    private static async Task<Ok<Page<NoticeView>>> ListNoticesAsync(
        HttpContext http, OutboxOperations outbox, CancellationToken cancellationToken, string? cursor = null, int? limit = null)
    {
        var paging = Paging.Read(cursor, limit, 2);
        var rows = await outbox.NoticesAsync(paging.InstantAndId, paging.Limit + 1, cancellationToken);
        return TypedResults.Ok(paging.PageOf(http, rows, row => Paging.PositionOf(row.CreatedAt, row.Id), row => row));
    }

    private static async Task<NoContent> RetryAsync<TMessage>(Guid id, OutboxOperations outbox, CancellationToken cancellationToken)
        where TMessage : OutboxMessage
    {
        await outbox.RetryAsync<TMessage>(id, cancellationToken);
        return TypedResults.NoContent();
    }
}
