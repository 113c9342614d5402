using AuthServer.Account;
using AuthServer.AdminApi;
using AuthServer.Administration;
using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Clients;
using AuthServer.CommandLine;
using AuthServer.Compatibility;
using AuthServer.Connect;
using AuthServer.Consent;
using AuthServer.Data;
using AuthServer.Device;
using AuthServer.Keys;
using AuthServer.Logout;
using AuthServer.Mail;
using AuthServer.Monitoring;
using AuthServer.Operations;
using AuthServer.Pages;
using AuthServer.Passkeys;
using AuthServer.Passwords;
using AuthServer.Platform;
using AuthServer.Pruning;
using AuthServer.Requests;
using AuthServer.SecondFactors;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using AuthServer.Telemetry;
using AuthServer.Users;

static WebApplicationBuilder Build(string[] args)
{
    // Settings are read once. Watching their files would wake the server at each write to a database in the same folder.
    var builder = WebApplication.CreateSlimBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
    builder.AddRequests();
    builder.Services.AddTelemetry();
    builder.Services.AddData();
    builder.Services.AddAudit();
    builder.Services.AddUsers();
    builder.Services.AddPasswords();
    builder.AddKeys();
    builder.Services.AddAuditSeals();
    builder.Services.AddAdministration();
    builder.Services.AddClients();
    builder.Services.AddSupportCodes();
    builder.Services.AddSessions();
    builder.Services.AddPruning();
    builder.Services.AddLogout();
    builder.Services.AddSecondFactors();
    builder.Services.AddPasskeys();
    builder.Services.AddMail();
    builder.AddConnect();
    builder.Services.AddPages();
    builder.Services.AddConsent();
    builder.Services.AddDevice();
    builder.Services.AddAccount();
    builder.Services.AddCompatibility();
    builder.Services.AddPlatform();
    builder.Services.AddOperations();
    builder.Services.AddAdminApi();
    return builder;
}

// Services that only the server needs. A command starts faster without them.
static void Serve(WebApplicationBuilder builder)
{
    builder.Services.AddAuditSealsServer();
    builder.Services.AddSecurityLogServer();
    builder.Services.AddSupportCodesServer();
    builder.Services.AddConnectServer();
    builder.Services.AddDeviceServer();
    builder.Services.AddPagesServer();
    builder.Services.AddCompatibilityServer();
    builder.Services.AddAdminApiServer();
    builder.AddMonitoringServer();
}

static void Use(WebApplication app)
{
    app.UseCompatibility(); // /api-token-… only
    app.UseRequests();
    app.UseKeys();          // only if KeyWatch is late: loads the keys
    app.UsePasswords();     // sign-ins with a password only
    app.UsePages();         // pages only
    app.UseConnect();
    app.UseAdminApi();      // /api/admin/v1 only
    app.MapRequests();
    app.MapConnect();
    app.MapPages();
    app.MapAccount();
    app.MapCompatibility();
    app.MapAdminApi();
}

return await CommandRoot.RunAsync(args, Build, Serve, Use);
