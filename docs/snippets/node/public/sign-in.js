const { authority } = await (await fetch('/settings.json')).json();

export const manager = new oidc.UserManager({
  authority,
  client_id: 'snippet-browser',
  redirect_uri: `${location.origin}/callback.html`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile offline_access notes.read', // offline_access: renewed by a refresh token, without a hidden frame
  revokeTokensOnSignout: true,
  userStore: new oidc.WebStorageStateStore({ store: sessionStorage }), // the tokens go with the tab
});
