using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Monitoring;
using AuthServer.Tests.Connect;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Rig;

namespace AuthServer.Tests.Monitoring;

/// <summary>OpenTelemetry listens to the meters of the whole process, so no other server may run beside these.</summary>
[Collection(nameof(AllocationTests.Alone))]
public sealed partial class MetricsTests
{
    private static readonly string[] Files = ["alerts.yaml", "dashboard.json"];

    private static readonly (string Key, string Value)[] On = [("Management:Enabled", "true"), ("Management:Url", "http://127.0.0.1:0")];

    [Fact]
    public async Task Tokens_refreshes_sign_ins_and_refusals_are_counted()
    {
        await using var app = await AuthServerApp.StartAsync(On);
        var orders = app.Client("orders", Seed.OrdersSecret);
        var first = (await orders.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = (await orders.RefreshAsync(first.RefreshToken)).AssertOk();
        (await orders.RefreshAsync(first.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await orders.RefreshAsync(first.RefreshToken);
        await orders.RefreshAsync(second.RefreshToken);
        await orders.SignInAsync("alice", "wrong");

        var metrics = await ScrapeAsync(app);

        Assert.Equal(1, metrics["authserver_tokens_issued_total", "app=\"orders\"", "grant=\"password\""]);
        Assert.Equal(2, metrics["authserver_tokens_issued_total", "app=\"orders\"", "grant=\"refresh_token\""]);
        Assert.Equal(1, metrics["authserver_refreshes_total", "outcome=\"redeemed\""]);
        Assert.Equal(1, metrics["authserver_refreshes_total", "outcome=\"repeated\""]);
        Assert.Equal(1, metrics["authserver_refreshes_total", "outcome=\"reused\""]);
        Assert.Equal(1, metrics["authserver_refreshes_total", "outcome=\"ended\""]);
        Assert.Equal(1, metrics["authserver_sign_ins_total", "method=\"pwd\"", "outcome=\"passed\""]);
        Assert.Equal(1, metrics["authserver_sign_ins_total", "method=\"pwd\"", "outcome=\"refused\""]);
        Assert.Equal(1, metrics["authserver_refusals_total", "kind=\"password-refused\""]);
        Assert.Equal(1, metrics["authserver_refusals_total", "kind=\"refresh-token-reused\""]);
        Assert.Equal(2, metrics["authserver_password_hash_wait_seconds_count"]);
        Assert.Equal(6, metrics["http_server_request_duration_seconds_count", "http_route=\"/connect/token\""]);
    }

    [Fact]
    public async Task Gauges_say_what_the_database_holds()
    {
        await using var app = await AuthServerApp.StartAsync(On);
        (await app.Client("orders", Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var metrics = await ScrapeAsync(app);
        while (metrics.Find("authserver_sessions_living") is not 1)
        {
            // Until the sessions are counted again, a quarter of an hour by the server's clock.
            app.Clock.Advance(TimeSpan.FromMinutes(15));
            await Task.Delay(50, TestContext.Current.CancellationToken);
            metrics = await ScrapeAsync(app);
        }

        Assert.Equal(0, metrics["authserver_outbox_depth", "outbox=\"mail\""]);
        Assert.Equal(0, metrics["authserver_outbox_age_seconds", "outbox=\"logout\""]);
        Assert.Equal(0, metrics["authserver_prune_lag_seconds"]);
        Assert.NotNull(metrics.Find("authserver_audit_seal_lag_seconds"));
        Assert.Equal(1, metrics["authserver_keys", "algorithm=\"ES256\"", "state=\"active\""]);
        Assert.True(metrics["authserver_key_age_seconds", "algorithm=\"ES256\""] >= 60);
    }

    [Fact]
    public async Task A_limit_that_refuses_is_counted_by_its_name()
    {
        await using var app = await AuthServerApp.StartAsync([.. On, ("Throttling:RequestsPerAddress", "1")]);
        for (var i = 0; i < 3; i++)
        {
            await app.Client("orders", Seed.OrdersSecret).SignInAsync("nobody", "wrong");
        }

        Assert.Equal(1, (await ScrapeAsync(app))["authserver_throttled_total", "limit=\"requests\""]);
    }

    [Fact]
    public async Task Endpoints_that_OpenIddict_answers_have_a_route_and_known_series_begin_with_0()
    {
        await using var app = await AuthServerApp.StartAsync(On);
        using var _ = await app.Http.GetAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative));

        var metrics = await ScrapeAsync(app);

        Assert.Equal(1, metrics["http_server_request_duration_seconds_count", "http_route=\"/.well-known/openid-configuration\""]);
        Assert.Equal(0, metrics["authserver_refreshes_total", "outcome=\"reused\""]);
        Assert.Equal(0, metrics["authserver_outbox_deliveries_total", "outbox=\"mail\"", "outcome=\"sent\""]);
        Assert.Equal(0, metrics["authserver_throttled_total", "limit=\"password_hashes\""]);
    }

    [Theory]
    [InlineData("http://monitor.internal:9464")]
    [InlineData("https://127.0.0.1:9464")]
    [InlineData("http://x@127.0.0.1:9464")]
    [InlineData("http://127.0.0.1:9464/metrics")]
    public void Only_an_address_of_the_machine_can_be_set(string url) =>
        Assert.True(new ManagementOptionsValidator().Validate(null, new ManagementOptions { Url = url }).Failed);

    [Theory]
    [InlineData("http://127.0.0.1:9464")]
    [InlineData("http://[::1]:9464/")]
    [InlineData("http://localhost:9464")]
    [InlineData("http://0.0.0.0:9464")]
    public void An_address_of_the_machine_can_be_set(string url) =>
        Assert.True(new ManagementOptionsValidator().Validate(null, new ManagementOptions { Url = url }).Succeeded);

    [Fact]
    public async Task The_alerts_and_the_dashboard_use_metrics_that_exist()
    {
        await using var app = await AuthServerApp.StartAsync(On);
        var orders = app.Client("orders", Seed.OrdersSecret);
        await orders.SignInAsync("alice", "wrong");
        (await orders.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        // The keys may have been made after this clock was set.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        string metrics;
        do
        {
            metrics = string.Join('\n', (await ScrapeAsync(app)).Names);
        }
        while (!metrics.Contains("authserver_sessions_living", StringComparison.Ordinal));

        var used = Files.SelectMany(file => Names().Matches(File.ReadAllText(Path.Combine(Built.Root, "deploy", "monitoring", file))))
            .Select(match => match.Value).Distinct();

        // Only PostgreSQL has a pool of connections that counts itself.
        Assert.Equal(["db_client_connection_count"], used.Where(name => !metrics.Contains(name, StringComparison.Ordinal)));
    }

    [GeneratedRegex("(?<![a-z_])(authserver|http_server|dotnet|db_client)_[a-z_]+(?=[{\\s])", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();

    [Fact]
    public async Task Twenty_thousand_strange_requests_add_no_series()
    {
        await using var app = await AuthServerApp.StartAsync([.. On, ("Throttling:Enabled", "false")]);
        await SendStrangeAsync(app, from: 0, to: 200);
        await ScrapeAsync(app);
        var before = (await ScrapeAsync(app)).Series;

        await SendStrangeAsync(app, from: 200, to: 20_000);

        Assert.Equal(before, (await ScrapeAsync(app)).Series);
    }

    [Fact]
    public async Task The_public_port_tells_nothing_and_the_management_port_only_metrics_and_health()
    {
        await using var app = await AuthServerApp.StartAsync(On);
        using var management = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<ManagementServer>().Url!) };

        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await management.GetAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative))).StatusCode);

        var health = JsonDocument.Parse(await management.GetStringAsync(new Uri("/health", UriKind.Relative))).RootElement;
        Assert.Equal("Healthy", health.GetProperty("status").GetString());
        Assert.Equal("Healthy", health.GetProperty("checks").GetProperty("database").GetProperty("status").GetString());

        app.LoseDatabase();
        using var answer = await management.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var database = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("checks").GetProperty("database");
        Assert.NotEmpty(database.GetProperty("reason").GetString()!);
    }

    private static async Task<Scrape> ScrapeAsync(AuthServerApp app)
    {
        using var http = new HttpClient();
        var url = new Uri(app.Services.GetRequiredService<ManagementServer>().Url + "/metrics");
        string text;
        do
        {
            // The exporter keeps an answer for 300 ms.
            await Task.Delay(400, TestContext.Current.CancellationToken);
            text = await http.GetStringAsync(url);
        }
        while (text.Length is 0);

        return new Scrape(text);
    }

    // Each is unlike all others in everything that a sender can choose.
    private static Task SendStrangeAsync(AuthServerApp app, int from, int to) => Parallel.ForEachAsync(
        Enumerable.Range(from, to - from),
        new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (number, cancellationToken) =>
        {
            using var request = (number % 5) switch
            {
                0 => new HttpRequestMessage(HttpMethod.Get, $"/strange/{number}?page={number}"),
                1 => new HttpRequestMessage(new HttpMethod($"STRANGE{number}"), "/connect/token"),
                2 => Form("/connect/token", ("grant_type", $"strange{number}"), ("client_id", $"client{number}")),
                3 => Form("/connect/introspect", ("token", $"token{number}"), ("client_id", $"client{number}"), ("client_secret", "x")),
                _ => new HttpRequestMessage(HttpMethod.Get, $"/connect/authorize?client_id=orders&scope=scope{number}&error=e{number}"),
            };
            request.Headers.TryAddWithoutValidation("User-Agent", $"agent/{number}");
            request.Headers.TryAddWithoutValidation($"X-Strange-{number}", "yes");
            using var _ = await app.Http.SendAsync(request, cancellationToken);
        });

    private static HttpRequestMessage Form(string path, params (string Name, string Value)[] fields) => new(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    };

    /// <summary>An answer in Prometheus' text format.</summary>
    private sealed class Scrape(string text)
    {
        private readonly (string Series, double Value)[] lines =
        [
            .. text.Split('\n').Where(line => line.Length > 0 && line[0] is not '#').Select(line =>
            {
                // A series, its value, and in OpenMetrics the time.
                var end = line.Contains('}', StringComparison.Ordinal) ? line.LastIndexOf('}') + 1 : line.IndexOf(' ', StringComparison.Ordinal);
                return (line[..end], double.Parse(line[end..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
            }),
        ];

        /// <summary>The names with their labels, without those of .NET itself and of the test's own client.</summary>
        public IEnumerable<string> Series => lines.Select(line => line.Series)
            .Where(series => !Array.Exists(["dotnet_", "http_client_", "dns_"], name => series.StartsWith(name, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

        public IEnumerable<string> Names => lines.Select(line => line.Series.Split('{')[0]).Distinct();

        /// <summary>The sum of the series with this name and these labels; fails if there is none.</summary>
        public double this[string name, params string[] labels] =>
            Find(name, labels) ?? throw new InvalidOperationException($"There is no {name} with {string.Join(", ", labels)}:\n{text}");

        public double? Find(string name, params string[] labels)
        {
            var found = lines.Where(line => (line.Series == name || line.Series.StartsWith(name + '{', StringComparison.Ordinal))
                && labels.All(label => line.Series.Contains(label, StringComparison.Ordinal))).ToList();
            return found.Count is 0 ? null : found.Sum(line => line.Value);
        }
    }
}
