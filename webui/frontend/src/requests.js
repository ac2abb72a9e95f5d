// What every request of htmx carries, and questions asked in our own dialog.
const token = document.querySelector('meta[name=csrf-token]')?.content;

document.addEventListener('htmx:config:request', ({ detail }) => {
  if (token) detail.ctx.request.headers['X-CSRFToken'] = token;
});

/** Ask in the page's dialog; resolves to true for yes. Focus goes back to where it was. */
export function ask(text) {
  const dialog = document.getElementById('ask');
  const before = document.activeElement;
  document.getElementById('ask-text').textContent = text;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      before?.focus();
      resolve(dialog.returnValue === 'yes');
    }, { once: true });
  });
}

document.addEventListener('htmx:confirm', (event) => {
  event.preventDefault();
  ask(event.detail.ctx.confirm).then((yes) => (yes ? event.detail.issueRequest() : event.detail.dropRequest()));
});

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  if (!(await ask(form.dataset.confirm))) return;
  form.dataset.confirmed = 'yes';
  form.requestSubmit(event.submitter);
});
