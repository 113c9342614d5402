namespace House.Configuration;

/// <summary>The texts of the page that come from no options class.</summary>
internal static class Elsewhere
{
    public const string Introduction = """
        # Configuration

        Every setting of the three programs. This page is made from the code by `./build.sh docs`, and a test compares the two.

        - **Sources.** Settings come from `appsettings.json`, then from the environment (`Connect__Issuer=…`), then from the command line
          (`--Connect:Issuer=…`). The later source wins.
        - **Check.** All settings are checked at start. If some are missing or wrong, the program lists all of them with their keys and
          ends with exit code 1. AuthServer logs a warning for a key that it does not know.
        - **Empty values.** An empty value counts as not set.
        - **Durations.** A duration is `d.hh:mm:ss` or `hh:mm:ss`. A bare number is days: `7` is a week, and Django's `604800` seconds are
          refused.
        - **Lists.** A list is one text, separated by commas or spaces.
        - **Secrets in files.** Each setting of AuthServer can be given as a file that holds its value:
          `Mail__Password__File=/run/secrets/mail` stands for `Mail__Password`. Line ends at the end of the file are ignored. If both the
          setting and its file are set, or if the file is missing, unreadable or empty, the server does not start.

        """;

    public const string Hosting = """

        ### Settings of ASP.NET Core

        These apply to all three programs.

        | Key | Default | Meaning |
        |---|---|---|
        | `ASPNETCORE_URLS` | `http://localhost:5000` | Where the program listens |
        | `ASPNETCORE_HTTP_PORTS` | none; `8080` in the container images | The same by port, on all addresses |
        | `ASPNETCORE_ENVIRONMENT` | `Production` | In `Development` AuthServer's issuer is `http://localhost:8400/`, its log is text in place of JSON, and secrets may stand in the platform file |

        ### No settings

        Ten wrong passwords lock an account for five minutes. A password has 12 to 1024 characters and does not contain the user's name. It
        is neither among the passwords that many people use nor among those [known from breaches](accounts.md#breached-passwords).

        """;

    public const string Examples = """

        It reads its settings from the same places as AuthServer and checks them in the same way.

        """;

    public static IReadOnlyList<Section> AuthServer { get; } =
    [
        new("ConnectionStrings", "Where the database is.",
        [
            new("ConnectionStrings:AuthServer", "`Data Source=data/authserver.db` for SQLite; required for the others",
                "a connection string for `Database:Provider`",
                "The [database](databases.md). A relative path of SQLite begins in the folder in which the program is started."),
        ]),
        new("Platform", "Apps, APIs, roles and users from a file.",
        [
            new("Platform:File", "none", "a path", "A [platform file](platform-file.md) that is applied at each start."),
        ]),
    ];

    public static Section ExampleLogs { get; } = new("Serilog:MinimumLevel", "How much is logged.",
    [
        new("Serilog:MinimumLevel:Default", "`Information`", "`Verbose` `Debug` `Information` `Warning` `Error` `Fatal`",
            "The level of every source that has none of its own."),
        new("Serilog:MinimumLevel:Override:NAME", "none", "as `Default`",
            "The level of the sources whose name begins with `NAME`. Some sources could log tokens or passwords: they cannot be set below "
                + "a safe level."),
    ]);
}
