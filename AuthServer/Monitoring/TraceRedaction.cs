using System.Diagnostics;
using OpenTelemetry;

namespace AuthServer.Monitoring;

/// <summary>
/// Removes from a trace what may be secret: queries, which may hold a code or a token, addresses of other servers with their query, and the
/// connection string of the database.
/// </summary>
internal sealed class TraceRedaction : BaseProcessor<Activity>
{
    private static readonly string[] Secret = ["url.query", "url.full", "db.npgsql.data_source", "db.connection_string"];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in Secret)
        {
            data.SetTag(tag, null);
        }
    }
}
