namespace Rig;

/// <summary>Runs a command as a user without privileges, which PostgreSQL requires.</summary>
public static class Unprivileged
{
    private const string Users = "/etc/passwd";

    /// <summary>Goes before a command; empty if the test run has no privileges to give up.</summary>
    public static string[] Prefix { get; } = Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={Id(2)}", $"--regid={Id(3)}", "--clear-groups", "--"]
        : [];

    private static string Id(int column)
    {
        var users = File.ReadLines(Users).Select(line => line.Split(':')).ToList();
        return (users.Find(user => user[0] is "postgres") ?? users.First(user => user[0] is "nobody"))[column];
    }
}
