namespace AuthServer.Hosting;

/// <summary>A fault that whoever runs the program can mend. Its message, which says how, is all they are shown.</summary>
internal sealed class OperatorException(string message) : Exception(message);
