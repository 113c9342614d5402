namespace AuthServer.Hosting;

/// <summary>Why an operation was not done.</summary>
internal enum OperationFault
{
    /// <summary>The thing is not there.</summary>
    NotFound,

    /// <summary>A value is not allowed; <see cref="OperationException.Field"/> names it.</summary>
    Invalid,

    /// <summary>The state does not allow it: a name is taken, the role is held already.</summary>
    Conflict,

    /// <summary>Somebody else has changed it since the caller has read it.</summary>
    Stale,
}

/// <summary>An operation of <c>Operations/</c> was not done. Nothing has changed.</summary>
/// <param name="field">The field of the input that is wrong, in camel case; null if no single field is.</param>
internal sealed class OperationException(OperationFault fault, string message, string? field = null) : OperatorException(message)
{
    public OperationFault Fault => fault;

    public string? Field { get; } = field;
}
