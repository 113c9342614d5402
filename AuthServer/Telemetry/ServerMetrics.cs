using System.Diagnostics.Metrics;
using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Telemetry;

/// <summary>
/// The server's own counters. docs/monitoring.md explains them. A label holds the id of a registered app or a word of this program, and
/// never something that a request sent. So no request can add a series.
/// </summary>
internal sealed class ServerMetrics
{
    public const string MeterName = "AuthPlatform.AuthServer";

    private const string Passed = "passed";
    private const string RefusedOutcome = "refused";

    // One factor each. Combinations appear when somebody signs in with them.
    private static readonly string[] SignInMethods =
    [
        AuthenticationMethodReferences.Password, AuthenticationMethodReferences.OneTimePassword,
        AuthenticationLevel.ProofOfPossession,
    ];

    private readonly Counter<long> tokens;
    private readonly Counter<long> refreshes;
    private readonly Counter<long> signIns;
    private readonly Counter<long> refusals;
    private readonly Counter<long> throttled;
    private readonly Counter<long> deliveries;
    private readonly Histogram<double> hashWait;

    public ServerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        tokens = meter.CreateCounter<long>("authserver.tokens.issued", "{answer}", "Answers of the token endpoint that hold tokens.");
        refreshes = meter.CreateCounter<long>("authserver.refreshes", "{request}", "Refreshes with a genuine refresh token, by outcome.");
        signIns = meter.CreateCounter<long>("authserver.sign_ins", "{attempt}", "Sign-ins and failed attempts, by method.");
        refusals = meter.CreateCounter<long>("authserver.refusals", "{refusal}", "Refusals, by kind, as in the security log.");
        throttled = meter.CreateCounter<long>("authserver.throttled", "{request}", "Requests that a limit refused.");
        deliveries = meter.CreateCounter<long>("authserver.outbox.deliveries", "{attempt}", "Attempts to send a mail or a logout notice.");
        hashWait = meter.CreateHistogram(
            "authserver.password_hash.wait",
            "s",
            "How long a request waited for its turn to hash a password.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });
    }

    /// <summary>
    /// Begins every series whose labels are known with 0. Otherwise the first events after a start would not be an increase for Prometheus.
    /// </summary>
    public void Begin()
    {
        foreach (var outcome in RefreshOutcomes.All)
        {
            refreshes.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
        }

        foreach (var limit in ThrottledBy.All)
        {
            throttled.Add(0, new KeyValuePair<string, object?>("limit", limit));
        }

        foreach (var (outbox, outcome) in from outbox in Outboxes.All from outcome in Outboxes.Outcomes select (outbox, outcome))
        {
            deliveries.Add(0, new("outbox", outbox), new("outcome", outcome));
        }

        foreach (var method in SignInMethods)
        {
            signIns.Add(0, new("method", method), new("outcome", Passed));
            signIns.Add(0, new("method", method), new("outcome", RefusedOutcome));
        }
    }

    /// <param name="grant">The <c>grant_type</c> of a request that succeeded.</param>
    /// <param name="app">The id of a registered app.</param>
    public void TokensIssued(string grant, string app) => tokens.Add(1, new("grant", grant), new("app", app));

    public void Refreshed(string outcome) => refreshes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="methods">Terms of RFC 8176, separated by spaces.</param>
    public void SignedIn(string methods) => signIns.Add(1, new("method", methods), new("outcome", Passed));

    /// <param name="kind">A kind of the security log.</param>
    /// <param name="method">A term of RFC 8176, if the refusal is a failed attempt to sign in.</param>
    public void Refused(string kind, string? method)
    {
        refusals.Add(1, new KeyValuePair<string, object?>("kind", kind));
        if (method is not null)
        {
            signIns.Add(1, new("method", method), new("outcome", RefusedOutcome));
        }
    }

    public void Throttled(string limit) => throttled.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void Delivered(string outbox, string outcome, int messages = 1) =>
        deliveries.Add(messages, new("outbox", outbox), new("outcome", outcome));

    public void WaitedForHash(TimeSpan wait) => hashWait.Record(wait.TotalSeconds);
}
