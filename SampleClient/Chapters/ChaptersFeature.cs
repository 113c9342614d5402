using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SampleClient.Chapters.Device;
using SampleClient.Chapters.Password;
using SampleClient.Chapters.StepUp;

namespace SampleClient.Chapters;

/// <summary>
/// The parts of this app beyond the core. Device: a sign-in from a console. Notes: pages that write to the API, and do not lose what the
/// user has typed. Password: a form for the password grant. StepUp: another sign-in, if the API wants one; Notes uses it. Tokens: what the
/// tokens say. The core knows no chapter. To delete one, delete its folder and its lines here.
/// </summary>
internal static class ChaptersFeature
{
    private const string Folder = "Chapters/";

    /// <returns>The exit code if the arguments name the command of a chapter, which has then run; otherwise null.</returns>
    public static async Task<int?> AddChaptersAsync(this WebApplicationBuilder builder, string[] args)
    {
        if (args is [DeviceCommand.Name, ..])
        {
            return await DeviceCommand.RunAsync(builder.Configuration);
        }

        builder.Services.AddPassword();
        builder.Services.AddStepUp();
        builder.Services.Configure<RazorPagesOptions>(
            pages => pages.Conventions.AddFolderRouteModelConvention("/Chapters", LeaveOutFolder));
        return null;
    }

    // Chapters/Notes/ is at /notes.
    private static void LeaveOutFolder(PageRouteModel page)
    {
        foreach (var route in page.Selectors.Select(selector => selector.AttributeRouteModel!))
        {
            route.Template = route.Template!.StartsWith(Folder, StringComparison.Ordinal)
                ? route.Template[Folder.Length..]
                : route.Template;
        }
    }
}
