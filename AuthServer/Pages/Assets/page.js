// What only a script can do. Without it, the buttons stay hidden and nothing else is missing.
for (const field of document.querySelectorAll('input[type="password"]')) {
  const { show, hide } = document.body.dataset;
  const frame = document.createElement('span');
  frame.className = 'reveal';
  field.replaceWith(frame);
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: show });
  button.setAttribute('aria-controls', field.id);
  frame.append(field, button);
  button.addEventListener('click', () => {
    const isShown = field.type === 'password';
    field.type = isShown ? 'text' : 'password';
    button.textContent = isShown ? hide : show;
    field.focus();
  });
  // A browser offers to remember what it knows to be a password.
  field.form?.addEventListener('submit', () => { field.type = 'password'; });
}

for (const form of document.forms) {
  form.addEventListener('submit', event => setTimeout(() => {
    if (!event.defaultPrevented) form.setAttribute('aria-busy', 'true');
  }));
}
// The page may come back as it was left.
addEventListener('pageshow', () => document.querySelectorAll('form[aria-busy]').forEach(form => form.removeAttribute('aria-busy')));

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const texts = [...document.querySelectorAll(button.dataset.copy)].map(element => element.textContent);
    await navigator.clipboard.writeText(texts.join('\n'));
    button.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
