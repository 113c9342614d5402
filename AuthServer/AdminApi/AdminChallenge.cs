using System.Globalization;
using AuthServer.Administration;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.AdminApi;

/// <summary>Refuses callers who may not do an operation, and says in <c>WWW-Authenticate</c> what they need.</summary>
internal sealed class AdminChallenge(IOptions<ConnectOptions> connect, IOptions<AdminOptions> options, TimeProvider time)
{
    /// <exception cref="AdminProblem">The caller may not do the operation, or has to sign in anew.</exception>
    public void Authorize(HttpContext context, AdminCaller caller, AdminOperation operation)
    {
        var isAllowed = operation.Scope is not { } scope
            ? !caller.Power.IsNone
            : AdminScopes.ByName[scope].IsOfPeople ? caller.Allowed.Has(scope) : caller.Allowed.HasForAll(scope);
        if (!isAllowed)
        {
            throw Refuse(context, ProblemKind.InsufficientScope, Errors.InsufficientScope, operation);
        }

        if (operation.IsFresh && !(caller.AuthenticatedAt + options.Value.FreshSignIn >= time.GetUtcNow()
            && AuthenticationLevel.StrongestOf(caller.Level ?? "", [AuthenticationLevel.TwoFactors]) is not null))
        {
            throw Refuse(context, ProblemKind.FreshSignInNeeded, "insufficient_user_authentication", operation);
        }
    }

    // RFC 6750 3, RFC 9728 5.1, RFC 9470 3. None of these values contains a quote or a backslash.
    public AdminProblem Refuse(HttpContext context, ProblemKind kind, string? error, AdminOperation operation)
    {
        var header = $"Bearer resource_metadata=\"{AdminMetadata.AddressOf(connect.Value)}\"";
        header += error is null ? "" : $", error=\"{error}\", error_description=\"{kind.Title}\"";
        header += operation.Scope is null ? "" : $", scope=\"{operation.Scope}\"";
        if (kind == ProblemKind.FreshSignInNeeded)
        {
            header += string.Create(
                CultureInfo.InvariantCulture,
                $", acr_values=\"{AuthenticationLevel.TwoFactors}\", max_age=\"{options.Value.FreshSignIn.TotalSeconds:0}\"");
        }

        context.Response.Headers.WWWAuthenticate = header;
        return new AdminProblem(kind);
    }
}
