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
  const { score, advice } = await answer.json();
  panel.dataset.score = score;
  panel.querySelector('[aria-live]').textContent = advice === null ? labels[score] : `${labels[score]}. ${advice}`;
  panel.hidden = false;
};

field.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(judge, 300);
});
