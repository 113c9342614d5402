using System.Runtime.InteropServices;

namespace AuthServer.Passwords;

/// <summary>
/// Zeroed memory from Linux, in pages of 2 MiB where it grants them (transparent huge pages, <c>always</c> or the usual
/// <c>madvise</c>): a tenth of the work of handing it over in pages of 4 KiB. It goes back when disposed of, so that nothing
/// of a password stays and an idle server keeps none of it.
/// </summary>
internal sealed unsafe partial class HugePages : IDisposable
{
    private const nuint PageSize = 2 * 1024 * 1024;
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymous = 2 | 0x20;
    private const int AdviseHugePages = 14;
    private const nint Failed = -1;

    private readonly nint mapping;
    private readonly nuint length;

    /// <exception cref="InsufficientMemoryException">The system has not so much.</exception>
    public HugePages(nuint bytes)
    {
        var whole = (bytes + PageSize - 1) & ~(PageSize - 1);
        length = whole + PageSize;
        mapping = Map(0, length, ReadWrite, PrivateAnonymous, -1, 0);
        if (mapping is Failed)
        {
            throw new InsufficientMemoryException();
        }

        // A mapping begins at any 4 KiB, a huge page only at 2 MiB. A system without them says so, and nothing is lost.
        Address = (void*)(((nuint)mapping + PageSize - 1) & ~(PageSize - 1));
        _ = Advise(Address, whole, AdviseHugePages);
    }

    public void* Address { get; }

    public void Dispose() => _ = Unmap(mapping, length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
