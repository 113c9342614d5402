using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Passwords;
using AuthServer.Requests;

namespace AuthServer.CommandLine;

/// <summary><c>passwords filter</c>: makes the file for <c>Passwords:BreachedFile</c>. Uses no settings and no database.</summary>
internal static class PasswordsCommands
{
    public static Command Create() => new("passwords", "Make a filter of passwords that nobody may choose.") { Filter() };

    private static Command Filter()
    {
        var list = new Argument<string>("list")
        {
            Description = "A text file (UTF-8). Each line is a password, or the SHA-1 of a password in hex.",
        };
        var file = new Argument<string>("file") { Description = "The filter to write, for Passwords:BreachedFile." };
        var command = new Command(
            "filter", "Make a filter from a list of breached passwords. Nobody can read the passwords back from the filter.")
            {
                list,
                file,
            };
        command.SetAction((result, cancellationToken) => StartupErrors.RunAsync(() =>
        {
            var (filter, skipped) = Read(result.GetRequiredValue(list), cancellationToken);
            Write(filter, result.GetRequiredValue(file));
            Console.WriteLine(
                $"{TextFormat.Count(filter.Count, "password")} in {result.GetRequiredValue(file)}; "
                + $"{TextFormat.Count(skipped, "line")} left out.");
            return Task.FromResult(0);
        }));
        return command;
    }

    private static (BreachFilter Filter, long Skipped) Read(string path, CancellationToken cancellationToken)
    {
        try
        {
            return BreachList.Read(path, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw new OperatorException($"{path} {exception.Message}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OperatorException($"{path} cannot be read: {exception.Message}");
        }
    }

    // The move is atomic: a server that starts meanwhile reads the old file or the new one.
    private static void Write(BreachFilter filter, string path)
    {
        try
        {
            var half = path + ".new";
            using (var file = File.Create(half))
            {
                filter.Write(file);
            }

            File.Move(half, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OperatorException($"{path} cannot be written: {exception.Message}");
        }
    }
}
