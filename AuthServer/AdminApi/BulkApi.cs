using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/users:bulk/{digest}</c> and <c>/sessions:bulk/{digest}</c>: what became of each thing of a bulk operation.</summary>
internal static class BulkApi
{
    private const string ItemsExample = """
        {
          "items": [
            { "id": "01a22de2-b655-7178-bae5-9fae00000000", "result": "done" }, { "id": "01a22de2-b655-7178-bae5-9fae00000001", "result": null }
          ],
          "next": null
        }
        """;

    public static void MapBulk(this RouteGroupBuilder api)
    {
        api.MapGet("/users:bulk/{digest}", ListUsersAsync).WithTags("Bulk").Requires(UsersWrite).WithName("listChangedUsers")
            .WithSummary("Lists the users of your own bulk operation, with what became of each.").WithAnswerExample(ItemsExample);
        api.MapGet("/sessions:bulk/{digest}", ListSessionsAsync).WithTags("Bulk").Requires(SessionsEnd).WithName("listEndedSessions")
            .WithSummary("Lists the sign-ins of your own bulk operation, with what became of each.").WithAnswerExample(ItemsExample);
    }

    internal static Task<Ok<Page<BulkItem>>> ListUsersAsync(
        string digest, HttpContext http, AdminCaller caller, BulkPlans plans, CancellationToken cancellationToken, string? cursor = null,
        int? limit = null) => ListAsync(BulkKind.Users, digest, http, caller, plans, cursor, limit, cancellationToken);

    internal static Task<Ok<Page<BulkItem>>> ListSessionsAsync(
        string digest, HttpContext http, AdminCaller caller, BulkPlans plans, CancellationToken cancellationToken, string? cursor = null,
        int? limit = null) => ListAsync(BulkKind.Sessions, digest, http, caller, plans, cursor, limit, cancellationToken);

    private static async Task<Ok<Page<BulkItem>>> ListAsync(
        BulkKind kind, string digest, HttpContext http, AdminCaller caller, BulkPlans plans, string? cursor, int? limit,
        CancellationToken cancellationToken)
    {
        var paging = Paging.Read(cursor, limit, 1);
        var plan = await plans.FindAsync(caller, kind, digest, cancellationToken);
        var from = int.TryParse(paging.Text, CultureInfo.InvariantCulture, out var position) ? Math.Clamp(position, 0, plan.Count) : 0;
        var rows = plan.Ids(from, paging.Limit + 1).Select((id, index) => (
            Position: (from + index + 1).ToString(CultureInfo.InvariantCulture),
            Item: BulkItem.Of(id, from + index < plan.Results.Length ? (BulkOutcome)plan.Results[from + index] : null))).ToList();
        return TypedResults.Ok(paging.PageOf(http, rows, row => [row.Position], row => row.Item));
    }
}
