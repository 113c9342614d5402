using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace AuthServer.Tests.Connect;

/// <summary>The order in which handlers run, OpenIddict's and ours: an update of OpenIddict that moves one is seen here.</summary>
public sealed class PipelineTests
{
    private const string Kept = "Connect/pipeline.txt";

    [Fact]
    public async Task The_handlers_of_each_event_run_in_the_order_that_pipeline_txt_says()
    {
        await using var app = await AuthServerApp.StartAsync();

        var present = string.Join('\n', HandlersOf(app)
            .GroupBy(handler => EventOf(handler.ContextType.Name)).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}\n{string.Concat(group.GroupBy(handler => handler.Order).OrderBy(row => row.Key).Select(Row))}"));

        var file = Path.Combine(AppContext.BaseDirectory, Kept);
        await File.WriteAllTextAsync(file + ".present", present, TestContext.Current.CancellationToken);
        Assert.True(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) == present,
            $"The order has changed. See what: diff tests/AuthServer.Tests/{Kept} {file}.present; copy it over the first if it is right.");
    }

    [Fact]
    public async Task No_two_handlers_of_an_event_have_the_same_order()
    {
        await using var app = await AuthServerApp.StartAsync();

        Assert.Equal([], HandlersOf(app).GroupBy(handler => (handler.ContextType, handler.Order))
            .Where(group => group.Count() > 1 && group.Any(IsOurs))
            .Select(group => $"{EventOf(group.Key.ContextType.Name)}: {string.Join(", ", group.Select(NameOf))}"));
    }

    private static List<OpenIddictServerHandlerDescriptor> HandlersOf(AuthServerApp app) =>
        app.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue.Handlers;

    private static string EventOf(string context) => context[..^"Context".Length];

    // OpenIddict gives some of its own handlers the same number; they stand in one line.
    private static string Row(IEnumerable<OpenIddictServerHandlerDescriptor> handlers) =>
        $"    {Owner(handlers.First())}{string.Join(" | ", handlers.Select(NameOf).Order(StringComparer.Ordinal))}\n";

    private static string NameOf(OpenIddictServerHandlerDescriptor handler) => handler.ServiceDescriptor.ServiceType.Name.Split('`')[0];

    private static string Owner(OpenIddictServerHandlerDescriptor handler) => IsOurs(handler) ? "* " : "  ";

    private static bool IsOurs(OpenIddictServerHandlerDescriptor handler) =>
        handler.ServiceDescriptor.ServiceType.Namespace!.StartsWith("AuthServer", StringComparison.Ordinal);
}
