using System.CommandLine;
using System.Text.Json;
using AuthServer.Hosting;
using AuthServer.Operations;
using AuthServer.Sessions;

namespace AuthServer.CommandLine;

internal static class SessionShowCommand
{
    public static Command Create(CommandHost host)
    {
        var id = new Argument<Guid?>("sid")
        {
            Description = "The session's id: the claim 'sid' of its tokens.",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = OptionValues.ParseSession,
        };
        var json = OptionValues.Json();
        var command = new Command("show", "Show everything that happened to a sign-in. It answers: why was I logged out?") { id, json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var history = await services.GetRequiredService<SessionQueries>().FindAsync(result.GetValue(id)!.Value, cancellationToken)
                ?? throw new OperatorException($"There is no session '{result.GetValue(id)}'.");
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(SessionView.Of(history, now), JsonSerializerOptions.Web));
                return 0;
            }

            foreach (var line in Lines(history, now))
            {
                Console.WriteLine(line);
            }

            return 0;
        }));
        return command;
    }

    private static IEnumerable<string> Lines(SessionHistory history, DateTimeOffset now)
    {
        var session = history.Session;
        yield return $"session    {session.Id}";
        yield return $"user       {TextFormat.Text(session.User)}";
        yield return $"signed in  {TextFormat.Instant(session.SignedInAt)}  {history.Methods}  {session.Address ?? "-"}  "
            + TextFormat.Text(session.UserAgent);
        if (session.ImpersonatorId is not null)
        {
            yield return $"acting     {session.ImpersonatorId}  {TextFormat.Text(session.ImpersonationReason)}";
        }

        yield return $"last seen  {TextFormat.Instant(session.LastSeenAt)}";
        yield return session.StateAt(now) switch
        {
            SessionRow.Ended => $"ended      {TextFormat.Instant(session.EndedAt)}  {session.EndReason}",
            SessionRow.Expired => $"expired    {TextFormat.Instant(session.ExpiresAt)}",
            _ => $"active     until {TextFormat.Instant(session.ExpiresAt)} at the latest",
        };
        foreach (var part in history.Clients)
        {
            var until = session.EndedAt is null ? $", good until {TextFormat.Instant(part.ExpiresAt)}" : "";
            var token = part.Generation is 0 ? "no refresh token" : $"refresh token {part.Generation}{until}";
            yield return $"client     {part.Client}  {token}  {string.Join(' ', part.Scopes)}";
        }

        yield return "";
        if (history.EarlierEvents > 0)
        {
            yield return $"({history.EarlierEvents} earlier events)";
        }

        foreach (var entry in history.Events)
        {
            yield return ($"{TextFormat.Instant(entry.At)}  {SessionView.Word(entry.Kind).Replace('_', ' '),-10}  {entry.Client ?? "-",-16}  "
                + $"{entry.Generation,4}  {entry.Address ?? "-",-15}  {entry.Reason}").TrimEnd();
        }
    }
}
