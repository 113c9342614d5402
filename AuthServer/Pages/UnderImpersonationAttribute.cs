namespace AuthServer.Pages;

/// <summary>
/// Marks a page that an administrator may read while they act as the user. Every other page refuses: see <see cref="ImpersonationGuard"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UnderImpersonationAttribute : Attribute
{
    /// <summary>True if the page's form may be sent, too. It must change nothing of the account.</summary>
    public bool TakesForms { get; init; }
}
