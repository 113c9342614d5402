using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Deploy;

/// <summary>Checks deploy/kubernetes against the schemas of Kubernetes and the profile "restricted", without a cluster.</summary>
public sealed class KubernetesTests : IClassFixture<KubernetesCheck>
{
    private static readonly string Manifests = Path.Combine(Repository.Root, "deploy", "kubernetes");

    [Fact]
    public async Task The_manifests_conform_to_the_schemas_and_to_the_restricted_profile()
    {
        var manifests = string.Join("\n---\n", Files().Select(File.ReadAllText));

        var (exitCode, output) = await Command.RunAsync(KubernetesCheck.Folder, ["node", "check.mjs"], manifests);

        Assert.True(exitCode is 0, output);
        Assert.Contains($"{Files().Count()} manifests, 0 faults", output, StringComparison.Ordinal);
        string[] kinds = ["Deployment", "Service", "PodDisruptionBudget", "Job", "Namespace", "ServiceAccount", "Ingress"];
        Assert.All(kinds, kind => Assert.Contains($"kind: {kind}\n", manifests, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kustomize_merges_the_example_into_the_base()
    {
        var (exitCode, manifests) = await Command.RunAsync(Manifests, ["kubectl", "kustomize", "example"]);
        if (manifests.Contains("must be a file", StringComparison.Ordinal))
        {
            Assert.Skip("This kubectl is older than 1.21: its Kustomize takes no folder as a resource.");
        }

        Assert.True(exitCode is 0, manifests);
        (exitCode, var output) = await Command.RunAsync(KubernetesCheck.Folder, ["node", "check.mjs"], manifests);
        Assert.True(exitCode is 0, output);

        // The settings of the example are merged into those of the base, and both pods use the result.
        Assert.Contains("Connect__Issuer: https://login.example.com/", manifests, StringComparison.Ordinal);
        Assert.Contains("Database__Provider: Postgres", manifests, StringComparison.Ordinal);
        var settings = manifests.Split("kind: ConfigMap")[1].Split("name: ")[1].Split('\n')[0];
        Assert.StartsWith("authserver-", settings, StringComparison.Ordinal);
        Assert.Equal(2, manifests.Split($"configMapRef:\n            name: {settings}\n").Length - 1);
    }

    // All faults in one run, because loading the schemas takes seconds.
    [Fact]
    public async Task The_check_finds_each_fault()
    {
        (string Right, string Wrong, string Fault)[] faults =
        [
            ("replicas: 2", "replicas: two", "spec/replicas must be integer"),
            ("replicas: 2", "replica: 2", "'replica' does not exist in type 'IDeploymentSpec'"),
            ("name: http, containerPort: 8080", "name: http", "must have required property containerPort"),
            ("runAsNonRoot: true", "runAsNonRoot: false", "restricted: authserver must not run as root"),
            ("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "restricted: authserver must not gain rights"),
            ("drop: [ALL]", "drop: [NET_RAW]", "restricted: authserver must drop all capabilities"),
            ("type: RuntimeDefault", "type: Unconfined", "restricted: authserver needs a seccomp profile"),
            ("emptyDir: { sizeLimit: 64Mi }", "hostPath: { path: /tmp }", "restricted: no such kind of volume: tmp"),
            ("apiVersion: apps/v1", "apiVersion: apps/v9", "apps/v9 has no kind Deployment"),
        ];
        var deployment = await File.ReadAllTextAsync(
            Path.Combine(Manifests, "base", "deployment.yaml"), TestContext.Current.CancellationToken);
        Assert.All(faults, fault => Assert.Contains(fault.Right, deployment, StringComparison.Ordinal));
        var broken = faults.Select((fault, index) => deployment
            .Replace("metadata:\n  name: authserver\n", $"metadata:\n  name: broken-{index}\n", StringComparison.Ordinal)
            .Replace(fault.Right, fault.Wrong, StringComparison.Ordinal));

        var (exitCode, output) = await Command.RunAsync(KubernetesCheck.Folder, ["node", "check.mjs"], string.Join("\n---\n", broken));

        Assert.Equal(1, exitCode);
        var lines = output.Replace("\"", "", StringComparison.Ordinal).Split('\n');
        Assert.All(faults.Index(), fault => Assert.Contains(lines, line =>
            line.StartsWith($"Deployment/broken-{fault.Index}: ", StringComparison.Ordinal)
                && line.Contains(fault.Item.Fault, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Manifests, "*.yaml", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not "kustomization.yaml").Order();
}
