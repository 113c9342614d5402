using AuthServer.Pages;

namespace AuthServer.Account;

internal sealed class DeletedModel : AccountPage;
