// Fields that depend on another answer are hidden while they do not apply. The server decides what
// counts: it drops hidden answers and checks the shown ones, so a page without this script works.
function value(form, name) {
  const found = form.elements.namedItem(name);
  if (found instanceof RadioNodeList) {
    const chosen = [...found].filter((input) => input.checked).map((input) => input.value);
    return chosen.length ? chosen : [found.value];
  }
  if (!found) return [''];
  if (found.type === 'checkbox') return [found.checked ? found.value : ''];
  return [found.value];
}

export function settle(form) {
  for (const part of form.querySelectorAll('[data-when]')) {
    const wanted = JSON.parse(part.dataset.is);
    const applies = value(form, part.dataset.when).some((answer) => wanted.includes(answer)) !== ('not' in part.dataset);
    part.hidden = !applies;
  }
}

const forms = () => [...document.forms].filter((form) => form.querySelector('[data-when]'));
forms().forEach(settle);
document.addEventListener('input', ({ target }) => { if (target.form) settle(target.form); });
document.addEventListener('change', ({ target }) => { if (target.form) settle(target.form); });
document.addEventListener('htmx:after:swap', () => forms().forEach(settle));

// A refused form: the list of what is wrong takes the focus, so that it is read first.
document.getElementById('problems')?.focus();

// A common phrase goes behind what is typed at once, without a trip to the server.
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-phrase]');
  const field = button?.form.elements.namedItem(button.dataset.into);
  if (!field) return;
  event.preventDefault();
  const before = field.value.trimEnd();
  field.value = before + (before && '\n') + button.dataset.phrase;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
});
