// Shows how strong a new password is while it is typed. The server rates it, by the rules that it will apply in the end.
const panel = document.getElementById('strength');
const field = document.getElementById(panel.dataset.for);
const labels = panel.dataset.labels.split('|');
const { form, userName } = field.form.elements;
let timer;

const judge = async () => {
  const password = field.value;
  if (password.length === 0) {
    panel.hidden = true;
    return;
  }
  const answer = await fetch('/account/strength', { method: 'POST', body: new URLSearchParams({ form: form.value, userName: userName.value, password }) });
  if (!answer.ok || field.value !== password) return;
  const { score } = await answer.json();
  panel.querySelector('meter').value = score;
  panel.querySelector('span').textContent = labels[score];
  panel.hidden = false;
};

field.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(judge, 300);
});
