// Copying and printing need a script. Without it, their buttons stay hidden.
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
