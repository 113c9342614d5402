using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Deploy;

/// <summary>The Node program that checks manifests, with the packages of its lock file.</summary>
public sealed class KubernetesCheck : IAsyncLifetime
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Deploy", "kubernetes");

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output) = await Command.RunAsync(Folder, ["npm", "ci", "--prefer-offline"]);
        Assert.True(exitCode is 0, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
