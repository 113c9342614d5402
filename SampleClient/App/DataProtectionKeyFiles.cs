using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace SampleClient.App;

/// <summary>
/// Keeps Data Protection's keys in the data directory. The stock repository also writes to /tmp, which fails on a read-only file
/// system.
/// </summary>
internal sealed class DataProtectionKeyFiles(DataDirectory data) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. data.Keys.EnumerateFiles("*.xml").Select(file => XElement.Load(file.FullName))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var path = Path.Combine(data.Keys.FullName, $"{friendlyName}.xml");
        element.Save(path + ".new");
        File.Move(path + ".new", path, overwrite: true);
    }
}
