using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ResourceApi.Hosting;

/// <summary>
/// Says why the program cannot start, for the person who set it up. An exception that is not listed here is a bug and keeps its
/// stack trace.
/// </summary>
internal static class StartFailure
{
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException settings => Explain([settings]),
        AggregateException all when all.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            Explain(all.InnerExceptions.Cast<OptionsValidationException>()),

        // A setting has the wrong type, such as text instead of a duration. The message names the setting.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => exception.Message,
        IOException { InnerException: AddressInUseException } => exception.Message,
        _ => null,
    };

    private static string Explain(IEnumerable<OptionsValidationException> exceptions) =>
        string.Join(
            Environment.NewLine + "  ", exceptions.SelectMany(exception => exception.Failures).Prepend("Settings are missing or wrong:"));
}
