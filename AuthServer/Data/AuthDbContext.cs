using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Keys;
using AuthServer.Logout;
using AuthServer.Mail;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Everything that the nodes share. Each provider has its own migrations and therefore its own sealed subclass.</summary>
internal abstract class AuthDbContext(DbContextOptions options)
    : IdentityDbContext<User, Role, Guid>(options), IDataProtectionKeyContext
{
    // OpenID Connect Core 2: a sub has at most 255 characters. Identity would give this column the shorter length of all keys.
    private const int LongestForeignSubject = 255;

    /// <summary>Who acts; null outside of a scope. The context is pooled, so each scope sets it.</summary>
    public AuditActor? Actor { get; set; }

    public DbSet<StoredKey> Keys => Set<StoredKey>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SessionEvent> SessionEvents => Set<SessionEvent>();

    public DbSet<Authorization> Authorizations => Set<Authorization>();

    public DbSet<LogoutNotice> LogoutNotices => Set<LogoutNotice>();

    public DbSet<RevokedToken> RevokedTokens => Set<RevokedToken>();

    public DbSet<OutgoingMail> Mails => Set<OutgoingMail>();

    public DbSet<Lease> Leases => Set<Lease>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void ConfigureConventions(ModelConfigurationBuilder builder) =>
        builder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict<Client, Authorization, Scope, Token, Guid>();
        builder.ApplyConfigurationsFromAssembly(typeof(AuthDbContext).Assembly);

        builder.Entity<Role>().ToTable("Roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("UserRoles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("UserClaims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("UserLogins")
            .Property(login => login.ProviderKey).HasMaxLength(LongestForeignSubject);
        builder.Entity<IdentityUserToken<Guid>>().ToTable("UserTokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("UserPasskeys");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("RoleClaims");
        builder.Entity<Client>().ToTable("Clients");
        builder.Entity<Authorization>().ToTable("Authorizations");
        builder.Entity<Scope>().ToTable("Scopes");
        builder.Entity<Token>().ToTable("Tokens");
        GuidVersion7.UseForKeys(builder, this);
    }
}

internal sealed class SqliteAuthDbContext(DbContextOptions<SqliteAuthDbContext> options) : AuthDbContext(options)
{
    // SQLite has no type for instants, and EF cannot translate comparisons of the text that it would store.
    protected override void ConfigureConventions(ModelConfigurationBuilder builder) =>
        builder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
}

internal sealed class SqlServerAuthDbContext(DbContextOptions<SqlServerAuthDbContext> options) : AuthDbContext(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        SqlServerModel.Apply(builder);
    }
}

internal sealed class PostgresAuthDbContext(DbContextOptions<PostgresAuthDbContext> options) : AuthDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder builder)
    {
        base.ConfigureConventions(builder);
        builder.Properties<string>().HaveConversion<NulFreeTextConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // For lists in the order of names, and for the beginnings of names: the database's own order has no rule for those.
        builder.Entity<User>().HasIndex([nameof(User.NormalizedUserName)], "IX_Users_NameOrder").UseCollation("C");

        // Each refresh updates these rows. Free room in a page lets PostgreSQL write the new version of a row beside the old one.
        builder.Entity<Authorization>().HasStorageParameter("fillfactor", 80);
        builder.Entity<Session>().HasStorageParameter("fillfactor", 80);
    }
}
