// The counter and the task page by keyboard: Enter goes on, papers are counted, nothing typed is left
// behind unasked. The keys themselves stand on the buttons (data-key, see keys.js). All of it is
// comfort: the pages work without it.
import './casework.css';

const counter = document.querySelector('[data-counter]');
const sheet = () => document.getElementById('sheet');

// ---- Enter goes to the next field: a scanner types and presses Enter, and must not accept anything.
const stops = (form) => [...form.elements].filter((each) => {
  if (each.disabled || each.type === 'hidden' || each.tabIndex < 0 || !each.offsetParent) return false;
  if (each.matches('fieldset, [type=search]')) return false;
  if (each.type !== 'radio') return true;
  const group = [...form.elements.namedItem(each.name)];
  return each === (group.find((one) => one.checked) ?? group[0]);
});

let chooseFirst = false;

function goOn(field) {
  if (field.matches('[data-query]')) {
    const first = document.querySelector('#matters-found button');
    if (first && !waiting(field)) first.click();
    else chooseFirst = true;
    return;
  }
  const all = stops(field.form);
  const at = all.findIndex((each) => each === field || (each.type === 'radio' && each.name === field.name));
  all[at + 1]?.focus();
}

/** Whether the list does not yet answer what stands in the field. */
const waiting = (field) => document.querySelector('#matters-found [data-answers]')?.dataset.answers !== field.value.trim();

document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.isComposing) return;
  if (!target.matches('input:not([type=submit])') || !target.form?.matches('[data-enter=next]')) return;
  event.preventDefault();
  goOn(target);
});

document.addEventListener('htmx:after:swap', () => {
  const query = document.querySelector('[data-query]');
  if (!chooseFirst || !query || waiting(query)) return;
  chooseFirst = false;
  document.querySelector('#matters-found button')?.click();
});

// ---- papers: one key for the usual case, and the count of what is wanting above the main button.
const lines = () => [...document.querySelectorAll('[data-papers] li[data-required]')];
const settled = (line) => line.querySelector('input[value=received]:checked, input[value=tolerated]:checked');

function count() {
  const verdict = document.querySelector('[data-verdict]');
  if (!verdict) return;
  const wanting = lines().filter((line) => !settled(line)).length;
  verdict.querySelector('.yes').hidden = wanting > 0;
  verdict.querySelector('.no').hidden = wanting === 0;
  verdict.querySelector('[data-wanting]').textContent = wanting;
}

function settle() {
  document.querySelectorAll('[data-all-received]').forEach((button) => { button.hidden = false; });
  count();
}

document.addEventListener('click', ({ target }) => {
  if (!target.closest('[data-all-received]')) return;
  for (const line of lines()) {
    if (!line.querySelector('input[type=radio]:checked')) line.querySelector('input[value=received]').checked = true;
  }
  typed = true;
  count();
});
document.addEventListener('change', ({ target }) => { if (target.closest('[data-papers]')) count(); });
document.addEventListener('htmx:after:swap', settle);

// ---- what was typed is not left behind by a key of the queue or a closed page.
let typed = Boolean(document.querySelector('#sheet #problems'));

document.addEventListener('input', ({ target }) => {
  if (target.form && target.form === sheet() && !target.matches('[data-query]')) typed = true;
});
document.addEventListener('submit', ({ target }) => {
  if (target.hasAttribute('hx-post')) return;
  if (!target.closest('#queue')) typed = false;
  else if (typed) target.dataset.confirm = counter.dataset.leave;
  else delete target.dataset.confirm;
}, { capture: true });
window.addEventListener('beforeunload', (event) => {
  const confirmed = document.querySelector('#queue form[data-confirmed]');
  if (typed && counter && !confirmed) event.preventDefault();
});

if (counter) settle();
// The clerk's next step begins at its first question.
const following = document.querySelector('form[data-focus]');
if (following && !document.getElementById('problems')) stops(following)[0]?.focus();
