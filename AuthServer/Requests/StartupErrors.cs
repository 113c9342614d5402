using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using AuthServer.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests;

/// <summary>
/// Explains to the operator why the program cannot start. An error that is not explained here is a bug and keeps its stack trace.
/// </summary>
internal static class StartupErrors
{
    /// <summary>Runs the server or a command. A fault that the operator can mend becomes a few lines and exit code 1.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (Explain(exception) is { } lines)
        {
            foreach (var line in lines)
            {
                await Console.Error.WriteLineAsync(line);
            }

            return 1;
        }
    }

    /// <summary>Validates the settings of every feature, so that all faults are reported together and before anything is changed.</summary>
    /// <exception cref="OptionsValidationException">The settings of one feature are wrong.</exception>
    /// <exception cref="AggregateException">The settings of several features are wrong.</exception>
    public static void ValidateSettings(this IHost host) => host.Services.GetRequiredService<IStartupValidator>().Validate();

    /// <returns>The lines to print; null if the error is a bug.</returns>
    public static IReadOnlyList<string>? Explain(Exception exception)
    {
        var chain = Failure.Chain(exception).ToList();
        return exception switch
        {
            OperatorException => [exception.Message],
            OptionsValidationException settings => List([settings]),
            AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
                List(several.InnerExceptions.Cast<OptionsValidationException>()),
            InvalidOperationException when Settings.BinderMessage().Match(exception.Message) is { Success: true } match =>
                [$"{match.Groups["key"].Value} is '{match.Groups["value"].Value}', which is not of the right kind."],
            _ when chain.OfType<AddressInUseException>().Any() => [$"{exception.Message.TrimEnd('.')}. Another program listens there."],
            SocketException => [$"The server cannot listen where ASPNETCORE_URLS says: {exception.Message}."],
            _ when Failure.IsDatabaseDown(exception) || chain.OfType<DbException>().Any() =>
                [$"The database of ConnectionStrings:AuthServer cannot be used: {Failure.DatabaseProblem(exception)}"],
            IOException or UnauthorizedAccessException => [exception.Message],
            CryptographicException =>
                [$"A key cannot be read; Keys:CertificatePath must be the certificate that protects the "
                    + $"keys in the database: {exception.Message}"],
            _ => null,
        };
    }

    private static List<string> List(IEnumerable<OptionsValidationException> exceptions) =>
        [.. exceptions.SelectMany(exception => exception.Failures).Select(failure => "  " + failure)
            .Prepend("Settings are missing or wrong:")];
}
