using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Logout;
using AuthServer.Mail;
using AuthServer.Outbox;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AdminApi;

/// <summary>
/// Makes each changing request one transaction: all of it or nothing, with its audit. With the header <c>Idempotency-Key</c> a POST is done
/// once, however often it comes; a repeated one gets the first one's answer for 24 hours.
/// </summary>
internal sealed class AdminTransaction(RequestDelegate next, IDataProtectionProvider protection, TimeProvider time)
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 255;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly string[] KeptHeaders = ["Content-Type", "ETag", "Location"];

    private readonly IDataProtector protector = protection.CreateProtector(typeof(AdminTransaction).FullName!);

    private sealed record Answer(int Status, Dictionary<string, string> Headers, byte[] Body);

    public async Task InvokeAsync(
        HttpContext context, AuthDbContext database, ClientCache clients, ScopeCache scopes, WakeSignal<OutgoingMail> mails,
        WakeSignal<LogoutNotice> notices)
    {
        if (HttpMethods.IsGet(context.Request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<AdminOperation>() is null)
        {
            await next(context);
            return;
        }

        var body = context.Features.Get<AdminBody>()!.Bytes;
        var (key, request) = KeyOf(context.Request, AdminCaller.Of(context), body);
        if (key is not null && await FindAsync(database, key, request, context.RequestAborted) is { } known)
        {
            await SendAsync(context, known);
            return;
        }

        Answer answer;
        try
        {
            answer = await database.TransactAsync(token => RunAsync(context, database, body, key, request, token), CancellationToken.None);
        }
        catch (DbUpdateException exception) when (!Failure.IsDatabaseDown(exception))
        {
            database.ChangeTracker.Clear();
            answer = key is not null && await FindAsync(database, key, request, context.RequestAborted) is { } twin
                ? twin // The same request came at the same time, and was done.
                : throw new AdminProblem(
                    exception is DbUpdateConcurrencyException ? ProblemKind.Stale : ProblemKind.Conflict,
                    "Another request has changed the same things at the same time.");
        }

        mails.Give();
        notices.Give();
        await SendAsync(context, answer);
    }

    private async Task<Answer> RunAsync(
        HttpContext context, AuthDbContext database, byte[] body, string? key, string request, CancellationToken cancellationToken)
    {
        if (key is not null)
        {
            await ClaimAsync(database, key, request, cancellationToken);
        }

        var (stream, bytes) = (context.Response.Body, new MemoryStream());
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = bytes;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(cancellationToken);
        }
        finally
        {
            context.Response.Body = stream;
        }

        var headers = KeptHeaders.Where(name => context.Response.Headers.ContainsKey(name))
            .ToDictionary(name => name, name => context.Response.Headers[name].ToString(), StringComparer.Ordinal);
        var answer = new Answer(context.Response.StatusCode, headers, bytes.ToArray());
        if (key is not null)
        {
            var kept = protector.Protect(JsonSerializer.SerializeToUtf8Bytes(answer));
            await database.Set<IdempotencyKey>().Where(row => row.Id == key)
                .ExecuteUpdateAsync(row => row.SetProperty(one => one.Answer, kept), cancellationToken);
        }

        return answer;
    }

    // First of all: a request with the same key waits here until this one is done, and then fails. Expired keys go at the same time.
    private async Task ClaimAsync(AuthDbContext database, string key, string request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await database.Set<IdempotencyKey>().Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        database.Add(new IdempotencyKey { Id = key, Request = request, Answer = [], ExpiresAt = now + Lifetime });
        await database.SaveChangesAsync(cancellationToken);
        database.ChangeTracker.Clear();
    }

    private async Task<Answer?> FindAsync(AuthDbContext database, string key, string request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = await database.Set<IdempotencyKey>().AsNoTracking().SingleOrDefaultAsync(
            row => row.Id == key && row.ExpiresAt > now, cancellationToken);
        if (found is null)
        {
            return null;
        }

        return found.Request == request
            ? JsonSerializer.Deserialize<Answer>(protector.Unprotect(found.Answer))
            : throw new AdminProblem(ProblemKind.KeyReused);
    }

    private static async Task SendAsync(HttpContext context, Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Body.Length > 0)
        {
            await context.Response.Body.WriteAsync(answer.Body);
        }
    }

    private static (string? Key, string Request) KeyOf(HttpRequest request, AdminCaller caller, byte[] body)
    {
        var keys = request.Headers[Header];
        if (keys.Count is 0 || !HttpMethods.IsPost(request.Method))
        {
            return (null, "");
        }

        return keys is [{ Length: > 0 and <= LongestKey } key]
            ? (
                Hash(Encoding.UTF8.GetBytes($"{caller.Id}\0{caller.App}\0{key}")),

                // Whoever may do something else by now is not told what the first answer has told.
                Hash([.. Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\0{caller.Allowed}\0"), .. body]))
            : throw new AdminProblem(ProblemKind.InvalidRequest, $"'{Header}' is one text of 1 to {LongestKey} characters.");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
