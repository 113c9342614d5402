using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>Which users: those that fit all fields. At least one is needed.</summary>
/// <param name="Ids">Up to 500.</param>
/// <param name="Role">Only holders of this role.</param>
/// <param name="Prefix">The beginning of the user name.</param>
/// <param name="Locked">True for those whom an administrator has locked, false for the others.</param>
/// <param name="AddedBefore">Those whose account was added before this instant.</param>
internal sealed record UsersBulkFilter(
    IReadOnlyList<Guid>? Ids = null, string? Role = null, string? Prefix = null, bool? Locked = null, DateTimeOffset? AddedBefore = null);

/// <summary>A preview, or its next step.</summary>
/// <param name="Action">Of a preview: <c>lock</c>, <c>unlock</c>, <c>delete</c>, <c>giveRole</c> or <c>takeRole</c>.</param>
/// <param name="Role">Of a preview: the role that is given or taken.</param>
/// <param name="Filter">Of a preview.</param>
/// <param name="Digest">Of a step: the preview's. It is sent alone.</param>
internal sealed record UsersBulkInput(string? Action = null, string? Role = null, UsersBulkFilter? Filter = null, string? Digest = null);

/// <summary><c>/users:bulk</c>: the same change of many people.</summary>
internal static class UsersBulkApi
{
    public static void MapUsersBulk(this RouteGroupBuilder api) => api.MapPost("/users:bulk", RunAsync).WithTags("Bulk")
        .Requires(UsersWrite, isFresh: true).WithName("changeUsers")
        .WithSummary("Locks, unlocks or deletes many users, or changes a role of theirs: first a preview, then exactly what it showed, up to 50 "
            + "with each request. Nobody locks or deletes themselves.")
        .WithExample("""{ "action": "lock", "filter": { "role": "trainee", "addedBefore": "2026-01-01T00:00:00Z" } }""")
        .WithAnswerExample("""
            {
              "digest": "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9", "action": "lock", "count": 1, "hasMore": false,
              "done": 0,
              "sample": [
                {
                  "id": "01a22de2-b655-7178-bae5-9fae00000000", "name": "erin", "email": "erin@example.com", "emailConfirmed": true,
                  "displayName": "Erin Eom", "state": "active", "createdAt": "2025-11-30T11:00:00Z", "disabledAt": null,
                  "lockedOutUntil": null, "roles": ["trainee"]
                }
              ],
              "items": [],
              "expiresAt": "2026-11-30T13:05:00Z"
            }
            """);

    private static async Task<Ok<BulkView<UserSummary>>> RunAsync(
        HttpContext http, Body<UsersBulkInput> body, AdminCaller caller, AdminAuthority authority, BulkPlans plans, UsersBulk bulk,
        UserQueries queries, CancellationToken cancellationToken)
    {
        var input = body.Value;
        if (BulkInput.IsStep(input.Digest, input.Action, UsersBulk.Actions, input.Filter ?? (object?)input.Role))
        {
            return TypedResults.Ok(await plans.GoOnAsync<UserSummary>(
                caller,
                input.Digest!,
                BulkKind.Users,
                UsersBulk.StepSize,
                (plan, ids) => bulk.ChangeAsync(http, caller, plan, ids, cancellationToken),
                cancellationToken));
        }

        if (input.Role is null == UsersBulk.IsOfRole(input.Action!))
        {
            throw Require.Wrong("role", "It is the role that giveRole and takeRole are about, and belongs to no other action.");
        }

        await bulk.RequireRoleAsync(http, caller, input.Role, cancellationToken);
        var which = queries.Matching(authority.Visible(caller, UsersWrite), FilterOf(input.Filter!));
        which = await authority.WithoutMorePowerfulAsync(caller, which, cancellationToken);
        if (input.Action is UsersBulk.Lock or UsersBulk.Delete && caller.User is { } self)
        {
            which = which.Where(user => user.Id != self);
        }

        var (plan, hasMore) = await plans.AddAsync(
            caller,
            BulkKind.Users,
            input.Action!,
            input.Role,
            which.OrderBy(user => user.CreatedAt).ThenBy(user => user.Id).Select(user => user.Id),
            cancellationToken);
        var sample = await queries.PageAsync(which, new UserFilter(), "", BulkPlans.SampleSize, cancellationToken);
        return TypedResults.Ok(BulkPlans.View(plan, [.. sample.Select(row => row.User)], [], hasMore));
    }

    private static UserFilter FilterOf(UsersBulkFilter input)
    {
        BulkInput.RequireIds(input.Ids);
        Require.OptionalText("filter/role", input.Role);
        Require.OptionalText("filter/prefix", input.Prefix);
        var filter = new UserFilter
        {
            Ids = input.Ids,
            Role = input.Role,
            NamePrefix = input.Prefix,
            IsLocked = input.Locked,
            AddedBefore = input.AddedBefore,
        };
        return filter.IsEmpty ? throw BulkInput.NoFilter() : filter;
    }
}
