// Passkeys (Web Authentication Level 3): the button and the suggestion on the login page, and the form that adds a passkey.
// The result is sent in the form that it belongs to. All texts come from the page, in its language.

const form = document.querySelector('form[data-passkey]');
const isKnownHere = typeof window.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function'
  && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';
let waiting = new AbortController();

// A redirect means that the form has expired or the sign-in is not recent: the next page says which.
async function readOptions(isAsked) {
  const address = new URL(location.href);
  address.searchParams.set('handler', 'options');
  const response = await fetch(address, {
    method: 'POST',
    body: new URLSearchParams({ form: form.elements.form.value }),
    redirect: isAsked ? 'follow' : 'error',
  });
  if (response.redirected) {
    location.assign(response.url);
    return new Promise(() => {});
  }

  if (!response.ok) {
    throw new Error(`The options: ${response.status}`);
  }

  return response.json();
}

function send(credential) {
  form.elements.passkey.value = JSON.stringify(credential);
  form.submit();
}

async function create() {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await readOptions(true));
  send(await navigator.credentials.create({ publicKey }));
}

// A browser allows one request at a time, so a new one replaces the one that waits.
async function get(mediation) {
  waiting.abort();
  waiting = new AbortController();
  const { signal } = waiting;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await readOptions(mediation === undefined));
  signal.throwIfAborted();
  send(await navigator.credentials.get({ publicKey, signal, ...(mediation && { mediation }) }));
}

async function run(action, button) {
  const problem = form.querySelector('[data-passkey-problem]');
  problem.hidden = true;
  document.querySelector('.notice.done')?.remove();
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    if (error.name !== 'AbortError') {
      const reason = { NotAllowedError: 'cancelled', InvalidStateError: 'known' }[error.name];
      problem.textContent = form.dataset[reason] ?? form.dataset.failed;
      problem.hidden = false;
    }
  } finally {
    button.disabled = false;
  }
}

// Suggests passkeys in the list of the user name field. The person has not asked for it, so a failure is not shown. There is no
// suggestion after a refusal: an authenticator that answers without the person would be refused again and again.
async function suggest() {
  if (form.dataset.suggests === 'yes' && !document.hidden && await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    get('conditional').catch(() => {});
  }
}

function startCreating() {
  document.querySelector('[data-passkey-unsupported]').hidden = true;
  form.hidden = false;
  form.addEventListener('submit', event => {
    event.preventDefault();
    run(create, form.querySelector('button'));
  });
}

function startGetting() {
  const button = form.querySelector('[data-passkey-start]');
  button.hidden = false;
  button.addEventListener('click', () => run(get, button).then(suggest));

  // A browser has one challenge at a time, for five minutes. The visible tab has it.
  document.addEventListener('visibilitychange', suggest);
  setInterval(() => button.disabled || suggest(), 4 * 60 * 1000);
  suggest();
}

if (form && isKnownHere) {
  (form.dataset.passkey === 'create' ? startCreating : startGetting)();
}
