using System.Reflection;

namespace AuthServer.Hosting;

/// <summary>
/// The version of this program: <c>1.0.0-beta.1+COMMIT</c>, from <c>Directory.Build.props</c> and the commit of the build.
/// </summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
