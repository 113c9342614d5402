namespace AuthServer.Passwords;

/// <summary>The section <c>Passwords</c>: the load that password hashing may cause, and the passwords that nobody may choose.</summary>
internal sealed class PasswordsOptions
{
    public const string Section = "Passwords";

    /// <summary>How many password hashes this node computes at once. Each takes about 14 ms of one core and 12 MiB of memory.</summary>
    /// <value default="number of cores">1 to 1024</value>
    public int MaxConcurrentHashes { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// How long a sign-in waits for its turn before the answer is 503. When 40 sign-ins already wait for each hash, the answer is 503 at
    /// once.
    /// </summary>
    /// <value>0 to 30 seconds</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The list of <see href="accounts.md#breached-passwords">breached passwords</see> that nobody may choose, in place of the list that is
    /// part of the program.
    /// </summary>
    /// <value>a file that <c>AuthServer passwords filter</c> has made</value>
    public string? BreachedFile { get; set; }
}
