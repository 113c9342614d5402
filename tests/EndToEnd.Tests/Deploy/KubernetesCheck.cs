using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Deploy;

/// <summary>The program for Node that checks manifests, with the packages that its lock file names.</summary>
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
