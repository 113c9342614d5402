namespace AuthServer.Passwords;

/// <summary>The section <c>Passwords</c>: how many password hashes run at once, how long one waits for its turn, and which passwords are known from breaches.</summary>
internal sealed class PasswordsOptions
{
    public const string Section = "Passwords";

    /// <summary>Hashes at once on this node, each about 14 ms of one core and 20 MiB. Default: one a core. 1 to 1024.</summary>
    public int MaxConcurrentHashes { get; set; } = Environment.ProcessorCount;

    /// <summary>How long a sign-in waits for its turn before it is answered 503. Default: 2 seconds. 0 to 30 seconds.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A filter that <c>AuthServer passwords filter</c> made, in place of the one that is part of the program. Default: none.</summary>
    public string? BreachedFile { get; set; }
}
