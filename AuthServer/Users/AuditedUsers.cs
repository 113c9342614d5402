using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using static AuthServer.Audit.AuditField;

namespace AuthServer.Users;

/// <summary>What changes of accounts mean in the audit.</summary>
internal sealed class AuditedUser : AuditedEntity<User>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(User.Id)] = Ignored,
        [nameof(User.UserName)] = Personal,
        [nameof(User.NormalizedUserName)] = Ignored,
        [nameof(User.NameSkeleton)] = Ignored,
        [nameof(User.DisplayName)] = Personal,
        [nameof(User.Email)] = Personal,
        [nameof(User.NormalizedEmail)] = Ignored,
        [nameof(User.EmailConfirmed)] = Plain,
        [nameof(User.PasswordHash)] = Secret,
        [nameof(User.PhoneNumber)] = Personal,
        [nameof(User.PhoneNumberConfirmed)] = Plain,
        [nameof(User.TwoFactorEnabled)] = Plain,
        [nameof(User.LockoutEnabled)] = Plain,
        [nameof(User.LockoutEnd)] = Plain,
        [nameof(User.AccessFailedCount)] = Ignored,
        [nameof(User.DisabledAt)] = Plain,
        [nameof(User.Language)] = Plain,
        [nameof(User.CreatedAt)] = Ignored,
        [nameof(User.SecurityStamp)] = Ignored,
        [nameof(User.ConcurrencyStamp)] = Ignored,
    };

    protected override AuditTarget TargetOf(EntityEntry<User> entry) => AuditTarget.User(entry.Entity.Id);

    // The weightiest change names the event; the fields show the others.
    protected override string ActionOf(EntityEntry<User> entry, IReadOnlySet<string> changed) => entry.State switch
    {
        EntityState.Added => AuditActions.UserCreated,
        EntityState.Deleted => AuditActions.UserDeleted,
        _ when changed.Contains(nameof(User.PasswordHash)) && entry.Entity.PasswordHash is null => AuditActions.PasswordRemoved,
        _ when changed.Contains(nameof(User.PasswordHash)) => IsByLink(entry) ? AuditActions.PasswordReset : AuditActions.PasswordChanged,
        _ when changed.Contains(nameof(User.DisabledAt)) =>
            entry.Entity.DisabledAt is null ? AuditActions.UserEnabled : AuditActions.UserDisabled,
        _ when changed.Contains(nameof(User.Email)) => AuditActions.EmailChanged,
        _ when changed.Contains(nameof(User.EmailConfirmed)) && entry.Entity.EmailConfirmed => AuditActions.EmailConfirmed,
        _ => AuditActions.UserChanged,
    };

    // A person who is not signed in has a link from a mail.
    private static bool IsByLink(EntityEntry<User> entry) =>
        ((AuthDbContext)entry.Context).Actor is { Kind: AuditActorKind.Person, Id: null };

    protected override AuditFact Complete(EntityEntry<User> entry, AuditFact fact) => fact with
    {
        CreatesPerson = entry.State is EntityState.Added,
        ErasesPerson = entry.State is EntityState.Deleted,
    };
}

/// <summary>A role of a person.</summary>
internal sealed class AuditedUserRole : AuditedEntity<IdentityUserRole<Guid>>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(IdentityUserRole<>.UserId)] = Ignored,
        [nameof(IdentityUserRole<>.RoleId)] = Ignored,
    };

    protected override AuditTarget TargetOf(EntityEntry<IdentityUserRole<Guid>> entry) => AuditTarget.User(entry.Entity.UserId);

    protected override string ActionOf(EntityEntry<IdentityUserRole<Guid>> entry, IReadOnlySet<string> changed) =>
        entry.State is EntityState.Deleted ? AuditActions.UserRoleTaken : AuditActions.UserRoleGiven;

    protected override AuditFact Complete(EntityEntry<IdentityUserRole<Guid>> entry, AuditFact fact)
    {
        var role = entry.Context.Set<Role>().Local.FindEntry(entry.Entity.RoleId)?.Entity.Name ?? entry.Entity.RoleId.ToString();
        return fact with
        {
            Changes = new Dictionary<string, AuditChange>(StringComparer.Ordinal)
            {
                ["role"] = entry.State is EntityState.Deleted ? new(role, null) : new(null, role),
            },
        };
    }
}

/// <summary>A claim of a person, which apps may see.</summary>
internal sealed class AuditedUserClaim : AuditedEntity<IdentityUserClaim<Guid>>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(IdentityUserClaim<>.Id)] = Ignored,
        [nameof(IdentityUserClaim<>.UserId)] = Ignored,
        [nameof(IdentityUserClaim<>.ClaimType)] = Personal,
        [nameof(IdentityUserClaim<>.ClaimValue)] = Personal,
    };

    protected override AuditTarget TargetOf(EntityEntry<IdentityUserClaim<Guid>> entry) => AuditTarget.User(entry.Entity.UserId);

    protected override string ActionOf(EntityEntry<IdentityUserClaim<Guid>> entry, IReadOnlySet<string> changed) =>
        AuditActions.UserChanged;
}

/// <summary>A role that people can have.</summary>
internal sealed class AuditedRole : AuditedEntity<Role>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(Role.Id)] = Ignored,
        [nameof(Role.Name)] = Plain,
        [nameof(Role.NormalizedName)] = Ignored,
        [nameof(Role.ConcurrencyStamp)] = Ignored,
    };

    protected override AuditTarget TargetOf(EntityEntry<Role> entry) => AuditTarget.Role(entry.Entity.Name ?? entry.Entity.Id.ToString());

    protected override string ActionOf(EntityEntry<Role> entry, IReadOnlySet<string> changed) => entry.State switch
    {
        EntityState.Added => AuditActions.RoleCreated,
        EntityState.Deleted => AuditActions.RoleDeleted,
        _ => AuditActions.RoleChanged,
    };
}
