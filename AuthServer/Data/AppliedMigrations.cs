using System.Diagnostics;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthServer.Data;

/// <summary>
/// Records which migrations a context applies. If several nodes find the same migrations pending, EF lets one of them apply these and
/// does not say which one.
/// </summary>
internal sealed class AppliedMigrations : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly IMigrator migrator;
    private readonly List<string> ids = [];
    private readonly List<IDisposable> subscriptions = [];

    public AppliedMigrations(DbContext context)
    {
        migrator = context.GetService<IMigrator>();
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Ids => ids;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            subscriptions.Add(value.Subscribe(this, name => name == RelationalEventId.MigrationApplying.Name));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // The event comes again if the connection was lost meanwhile.
        if (value.Value is MigrationEventData data && ReferenceEquals(data.Migrator, migrator)
            && data.Migration.GetType().GetCustomAttribute<MigrationAttribute>() is { } migration && !ids.Contains(migration.Id))
        {
            ids.Add(migration.Id);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());
}
