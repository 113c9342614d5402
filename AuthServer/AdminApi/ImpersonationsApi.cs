using AuthServer.Administration;
using AuthServer.Mail;
using AuthServer.Platform;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>Asks to act as a user.</summary>
/// <param name="Reason">On one line. The user reads it in the mail and in their account, and the audit keeps it.</param>
/// <param name="Duration">For example <c>15m</c>; without it, as long as <c>Impersonation:MaxDuration</c> allows.</param>
internal sealed record ImpersonationInput(string Reason, string? Duration = null);

/// <summary>A link that lets its administrator act as the user, once.</summary>
/// <param name="SessionId">The sign-in that the link begins.</param>
/// <param name="Link">To be opened in a browser in which the administrator is signed in. It signs the browser in as the user.</param>
/// <param name="UsableUntil">Until when the link works.</param>
/// <param name="Duration">How long the sign-in lasts, from the use of the link on.</param>
internal sealed record ImpersonationView(Guid SessionId, Uri Link, DateTimeOffset UsableUntil, string Duration);

/// <summary><c>/users/{id}/impersonations</c>: administrators who act as a user for a while.</summary>
internal static class ImpersonationsApi
{
    public static void MapImpersonations(this RouteGroupBuilder api) =>
        api.MapPost("/users/{id:guid}/impersonations", OfferAsync).WithTags("Users").Requires(UsersImpersonate, isFresh: true)
            .WithName("impersonateUser").WithSummary("Makes a link by which the caller acts as a user for a while. The user gets a mail.")
            .WithExample("""{ "reason": "Ticket 4711: the invoice does not open", "duration": "15m" }""")
            .WithAnswerExample("""
                {
                  "sessionId": "01a22de2-b655-7178-bae5-9fae00000001",
                  "link": "https://login.example.com/account/impersonation?token=CfDJ8Nk2",
                  "usableUntil": "2026-11-30T12:01:00Z", "duration": "15m"
                }
                """);

    private static async Task<Created<ImpersonationView>> OfferAsync(
        Guid id, Body<ImpersonationInput> body, AdminCaller caller, AdminAuthority authority, RolePermissionStore permissions,
        Impersonations impersonations, IOptions<ImpersonationOptions> options, IOptions<MailOptions> mail,
        CancellationToken cancellationToken)
    {
        // An app that acts for itself has no fresh sign-in, so there are both.
        var (administrator, session) = (caller.User!.Value, caller.Session!.Value);
        if (!options.Value.Enabled)
        {
            throw new AdminProblem(ProblemKind.ImpersonationOff);
        }

        if (!mail.Value.IsOn)
        {
            throw new AdminProblem(ProblemKind.ImpersonationOff, "This server sends no mails, so the user could not be told.");
        }

        var user = await authority.FindToChangeAsync(caller, UsersImpersonate, id, cancellationToken);
        Require.Text("reason", body.Value.Reason, Session.LongestReason);
        var duration = DurationOf(body.Value.Duration, options.Value.MaxDuration);
        if (!(await permissions.OfUserAsync(id, cancellationToken)).IsNone)
        {
            throw new AdminProblem(ProblemKind.TooPowerful, "Nobody can act as an administrator.");
        }

        if (user.DisabledAt is not null || !user.EmailConfirmed)
        {
            throw new AdminProblem(ProblemKind.Conflict, "The account is locked, or its address is not confirmed.");
        }

        var offer = new ImpersonationOffer(Guid.CreateVersion7(), administrator, session, id, body.Value.Reason.Trim(), duration);
        var (link, until) = await impersonations.OfferAsync(offer, cancellationToken);
        return TypedResults.Created(
            $"{AdministrationFeature.Path}/sessions/{offer.Id}", new ImpersonationView(offer.Id, link, until, Duration.Text(duration)));
    }

    private static TimeSpan DurationOf(string? text, TimeSpan longest) =>
        text is null ? longest
        : Duration.TryParse(text, out var duration) && duration >= TimeSpan.FromMinutes(1) && duration <= longest ? duration
        : throw Require.Wrong("duration", $"It is between 1m and {Duration.Text(longest)}: {Duration.Form}.");
}
