// Keys that press a button: data-key="F8" on the button, shown beside its words.
// Several keys are separated by a space; "Ctrl+Enter" is written so.
const name = (event) => (event.ctrlKey ? 'Ctrl+' : '') + (event.altKey ? 'Alt+' : '') + event.key;

document.addEventListener('keydown', (event) => {
  if (event.repeat || document.querySelector('dialog[open]')) return;
  const key = name(event);
  const found = [...document.querySelectorAll('[data-key]')].find(
    (element) => element.dataset.key.split(' ').includes(key) && !element.disabled && element.offsetParent,
  );
  if (!found) return;
  event.preventDefault();
  found.click();
});

// "/" goes to the search of the page, as long as nobody is writing.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.closest('input, textarea, select')) return;
  const search = document.querySelector('input[type=search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
});

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-print]')) window.print();
});
