namespace AuthServer.Sessions;

/// <summary>
/// Owns sign-ins as the database knows them: when they began, what happened to them, why they ended. Serves no route
/// yet; the command line lists, shows and ends them.
/// </summary>
internal static class SessionsFeature
{
    public static void AddSessions(this IServiceCollection services) => services.AddScoped<SessionEnd>();
}
