using AuthServer.Audit;

namespace AuthServer.AuditSeals;

/// <summary>
/// The section <c>Audit</c>: how long events are kept. Events of changes (accounts, apps, keys) and events of activity (sign-ins, their ends,
/// mails) are kept for different times.
/// </summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    public static readonly TimeSpan LeastOfChanges = TimeSpan.FromDays(30);
    public static readonly TimeSpan LeastOfActivity = TimeSpan.FromDays(1);
    public static readonly TimeSpan Most = TimeSpan.FromDays(3650);

    /// <summary>How long changes of accounts, apps and keys are kept.</summary>
    /// <value>30 days to 3650 days</value>
    public TimeSpan ChangeRetention { get; set; } = TimeSpan.FromDays(730);

    /// <summary>How long sign-ins, refusals, ended sessions, locks after wrong attempts, remembered browsers and mails are kept.</summary>
    /// <value>1 day to 3650 days</value>
    public TimeSpan ActivityRetention { get; set; } = TimeSpan.FromDays(180);

    public TimeSpan RetentionOf(AuditClass which) => which is AuditClass.Change ? ChangeRetention : ActivityRetention;
}
