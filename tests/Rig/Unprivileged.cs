namespace Rig;

/// <summary>How to run a command as somebody without rights, which PostgreSQL insists on.</summary>
public static class Unprivileged
{
    private const string Users = "/etc/passwd";

    /// <summary>To be put before a command; empty where the test run has no rights to give up.</summary>
    public static string[] Prefix { get; } = Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={Id(2)}", $"--regid={Id(3)}", "--clear-groups", "--"]
        : [];

    private static string Id(int column)
    {
        var users = File.ReadLines(Users).Select(line => line.Split(':')).ToList();
        return (users.Find(user => user[0] is "postgres") ?? users.First(user => user[0] is "nobody"))[column];
    }
}
