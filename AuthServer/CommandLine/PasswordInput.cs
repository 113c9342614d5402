using System.Text;
using AuthServer.Hosting;

namespace AuthServer.CommandLine;

/// <summary>
/// Reads a new password: at a terminal twice and without echo; from redirected standard input its first line.
/// Never from the command line, which every user of the machine can see.
/// </summary>
internal static class PasswordInput
{
    /// <exception cref="OperatorException">No password was given, or the two differ.</exception>
    public static string Read()
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() is { Length: > 0 } line ? line : throw new OperatorException("No password on standard input.");
        }

        var first = Prompt("Password: ");
        if (first.Length is 0)
        {
            throw new OperatorException("No password given.");
        }

        return Prompt("Again: ") == first ? first : throw new OperatorException("The two passwords differ.");
    }

    private static string Prompt(string text)
    {
        Console.Error.Write(text);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key is not ConsoleKey.Enter)
        {
            if (key.Key is not ConsoleKey.Backspace)
            {
                typed.Append(char.IsControl(key.KeyChar) ? "" : key.KeyChar);
            }
            else if (typed.Length > 0)
            {
                typed.Length--;
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
