using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Platform;
using AuthServer.Sessions;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests;

/// <summary>Prepares the server before the first request: schema, keys, platform file, in this order.</summary>
internal static partial class ServerStart
{
    /// <exception cref="OperatorException">The schema is not up to date, or the platform file is wrong.</exception>
    public static async Task PrepareAsync(this WebApplication app, CancellationToken cancellationToken = default)
    {
        var services = app.Services;
        app.ValidateSettings();
        Log.Starting(app.Logger, ProgramVersion.Text);
        UnknownSettings.Warn(services, app.Logger);
        var migrator = services.GetRequiredService<DatabaseMigrator>();
        if (services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MigratesOnStart)
        {
            await PatientlyAsync(app.Logger, () => migrator.MigrateAsync(cancellationToken));
        }
        else if (await migrator.PendingAsync(cancellationToken) is { Count: > 0 } pending)
        {
            throw new OperatorException(
                $"The database lacks {pending.Count} {(pending.Count is 1 ? "migration" : "migrations")}, the first {pending[0]}. "
                + "Run 'AuthServer migrate', or set Database:MigrateOnStart.");
        }

        if (!app.Environment.IsDevelopment() && services.GetRequiredService<IOptions<KeysOptions>>().Value.CertificatePath is null)
        {
            Log.UnprotectedKeys(app.Logger);
        }

        if (services.GetRequiredService<IOptions<ImpersonationOptions>>().Value.Enabled)
        {
            Log.Impersonation(app.Logger);
        }

        await PatientlyAsync(app.Logger, () => services.GetRequiredService<KeyRing>().LoadAsync(cancellationToken));
        if (app.Configuration[PlatformFeature.FileKey] is { Length: > 0 } file)
        {
            await PatientlyAsync(app.Logger, () => ApplyAsync(services, file, app.Logger, cancellationToken));
        }
    }

    // A long write of another process, such as an `apply`, must not make the start fail. Each attempt waits in SQLite (SqlitePragmas).
    private static async Task PatientlyAsync(ILogger logger, Func<Task> step)
    {
        while (true)
        {
            try
            {
                await step();
                return;
            }
            catch (Exception exception) when (Failure.Chain(exception).Any(DatabaseErrors.IsAnotherWriting))
            {
                Log.Waiting(logger);
            }
        }
    }

    private static async Task ApplyAsync(IServiceProvider services, string file, ILogger logger, CancellationToken cancellationToken)
    {
        ApplyReport report;
        try
        {
            report = await services.GetRequiredService<PlatformApplier>().ApplyAsync(file, keep: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{PlatformFeature.FileKey} names '{file}', which cannot be read.");
        }

        if (report.Problems.Count > 0)
        {
            throw new OperatorException(string.Join(Environment.NewLine, report.Problems.Select(problem => problem.ToString(file))));
        }

        foreach (var warning in report.Warnings)
        {
            Log.NotApplied(logger, warning.ToString(file));
        }

        Log.Applied(logger, file, report);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "AuthServer {Version} is starting")]
        public static partial void Starting(ILogger logger, string version);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Keys:AllowUnprotectedKeyRing is set: anyone who can read the database can read the issuer's keys.")]
        public static partial void UnprotectedKeys(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Impersonation:Enabled is set: administrators with the scope admin.users.impersonate can act as users.")]
        public static partial void Impersonation(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void NotApplied(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for another process that writes to the database file")]
        public static partial void Waiting(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Applied {File}: {Report}")]
        public static partial void Applied(ILogger logger, string file, ApplyReport report);
    }
}
