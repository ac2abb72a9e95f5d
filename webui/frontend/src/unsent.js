// What is typed into a form with data-unsent is kept on the server five seconds after the last
// change, and at once when the field or the page is left. When it cannot be kept, the page says so.
const PAUSE = 5000;
const token = document.querySelector('meta[name=csrf-token]')?.content;
const waiting = new WeakMap();

function say(form, text) {
  const place = form.querySelector('[data-unsent-said]');
  if (place) place.textContent = text;
}

async function keep(form) {
  clearTimeout(waiting.get(form));
  // A form that was replaced meanwhile was kept by the server with what replaced it.
  if (!waiting.delete(form) || !form.isConnected) return;
  const body = new URLSearchParams(new FormData(form));
  body.set('unsent-place', form.dataset.unsent);
  try {
    const answer = await fetch(form.dataset.unsentTo, { method: 'POST', body, keepalive: true, headers: { 'X-CSRFToken': token, 'HX-Request': 'true' } });
    say(form, answer.ok ? await answer.text() : form.dataset.unsentLost);
  } catch {
    waiting.set(form, setTimeout(() => keep(form), PAUSE));
    say(form, form.dataset.unsentLost);
  }
}

function plan(form) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), PAUSE));
}

const kept = (target) => target.form?.closest('[data-unsent]');
document.addEventListener('input', ({ target }) => { if (kept(target)) plan(target.form); });
document.addEventListener('change', ({ target }) => { if (kept(target)) { plan(target.form); keep(target.form); } });
document.addEventListener('visibilitychange', () => {
  if (document.hidden) document.querySelectorAll('form[data-unsent]').forEach(keep);
});
document.addEventListener('submit', ({ target }) => {
  clearTimeout(waiting.get(target));
  waiting.delete(target);
});
