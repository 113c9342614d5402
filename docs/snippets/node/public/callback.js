import { manager } from './sign-in.js';

try {
  await manager.signinRedirectCallback();
  location.replace('/');
} catch (error) {
  who.textContent = `You are not signed in: ${error.error ?? error.message}`; // access_denied, when the person said no
}
