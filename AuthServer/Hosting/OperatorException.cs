namespace AuthServer.Hosting;

/// <summary>A fault that the operator can mend. Only its message is shown, which says how.</summary>
internal class OperatorException(string message) : Exception(message);
