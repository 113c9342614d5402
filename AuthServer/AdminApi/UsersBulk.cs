using AuthServer.Administration;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Operations;
using Microsoft.EntityFrameworkCore;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>Does a step of a bulk operation on users. To each user it does what the operation on one does, wholly or not at all.</summary>
internal sealed class UsersBulk(
    AuthDbContext context, AdminAuthority authority, RolePermissionStore permissions, UserOperations users)
{
    public const string Lock = "lock";
    public const string Unlock = "unlock";
    public const string Delete = "delete";
    public const string GiveRole = "giveRole";
    public const string TakeRole = "takeRole";
    public const int StepSize = 50;

    private const string Savepoint = "bulk_item";

    public static IReadOnlyList<string> Actions { get; } = [Lock, Unlock, Delete, GiveRole, TakeRole];

    public static bool IsOfRole(string action) => action is GiveRole or TakeRole;

    /// <exception cref="AdminProblem">There is no such role, or it is not the caller's to give and to take.</exception>
    public async Task RequireRoleAsync(HttpContext http, AdminCaller caller, string? role, CancellationToken cancellationToken)
    {
        if (role is not null)
        {
            await users.CheckRolesAsync([role]);
            await authority.RequireRolesAsync(http, caller, [role], cancellationToken);
        }
    }

    /// <returns>What became of each, in the same order.</returns>
    public async Task<IReadOnlyList<BulkOutcome>> ChangeAsync(
        HttpContext http, AdminCaller caller, BulkPlan plan, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        // Only who administers anything can be the last who does. Nobody joins them before the end of the transaction.
        await authority.WaitForOthersAsync(caller, cancellationToken);
        await RequireRoleAsync(http, caller, plan.Role, cancellationToken);
        var holders = await permissions.HoldersAsync(cancellationToken);
        var outcomes = new List<BulkOutcome>(ids.Count);
        foreach (var id in ids)
        {
            outcomes.Add(await ChangeAsync(caller, plan, id, holders.ContainsKey(id), cancellationToken));
            context.ChangeTracker.Clear();
        }

        return outcomes;
    }

    private async Task<BulkOutcome> ChangeAsync(
        AdminCaller caller, BulkPlan plan, Guid id, bool isAdministrator, CancellationToken cancellationToken)
    {
        var transaction = context.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(Savepoint, cancellationToken);
        try
        {
            var user = await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
            if (plan.Action is UsersBulk.Lock && user.DisabledAt is not null)
            {
                return BulkOutcome.Unchanged;
            }

            await (isAdministrator
                ? authority.LeavingAnAdministratorAsync(() => ActAsync(plan, id, cancellationToken), cancellationToken)
                : ActAsync(plan, id, cancellationToken));
            await transaction.ReleaseSavepointAsync(Savepoint, cancellationToken);
            return BulkOutcome.Done;
        }
        catch (Exception exception) when (OutcomeOf(exception, plan) is { } outcome)
        {
            await transaction.RollbackToSavepointAsync(Savepoint, cancellationToken);
            return outcome;
        }
    }

    private Task ActAsync(BulkPlan plan, Guid id, CancellationToken cancellationToken) => plan.Action switch
    {
        UsersBulk.Lock => users.LockAsync(id, cancellationToken),
        Unlock => users.UnlockAsync(id, cancellationToken),
        Delete => users.DeleteAsync(id, version: null, cancellationToken),
        GiveRole => users.GiveRoleAsync(id, plan.Role!, cancellationToken),
        TakeRole => users.TakeRoleAsync(id, plan.Role!, cancellationToken),
        _ => throw new InvalidOperationException($"There is no action '{plan.Action}'."),
    };

    private static BulkOutcome? OutcomeOf(Exception exception, BulkPlan plan) => exception switch
    {
        OperationException { Fault: OperationFault.NotFound } => BulkOutcome.NotFound,
        OperationException { Fault: OperationFault.Conflict } when IsOfRole(plan.Action) => BulkOutcome.Unchanged,
        OperationException => BulkOutcome.Conflict,
        AdminProblem problem when problem.Kind == ProblemKind.TooPowerful => BulkOutcome.TooPowerful,
        AdminProblem problem when problem.Kind == ProblemKind.LastAdministrator => BulkOutcome.LastAdministrator,
        DbUpdateException failure when !Failure.IsDatabaseDown(failure) => BulkOutcome.Conflict,
        _ => null,
    };
}
