import { manager } from './sign-in.js';

const button = (id, does) => Object.assign(document.getElementById(id), { hidden: false, onclick: does });

async function show() {
  const user = await manager.getUser();
  if (!user || user.expired) return button('in', () => manager.signinRedirect());
  const answer = await fetch('/notes', { headers: { Authorization: `Bearer ${user.access_token}` } });
  who.textContent = `${user.profile.name}: ${answer.status}`;
  button('renew', renew);
  button('out', () => manager.signoutRedirect());
}

// It happens by itself a minute before the access token expires.
async function renew() {
  try {
    await manager.signinSilent();
  } catch (error) {
    return ended(error);
  }
  await show();
}

// Refused: the sign-in has ended. Anything else is an issuer that cannot be reached; the next attempt may do.
async function ended(error) {
  if (!(error instanceof oidc.ErrorResponse)) return;
  await manager.removeUser();
  location.reload();
}

manager.events.addSilentRenewError(ended);
await show();
