// While the stream is away (full, cut off, not yet open) the page asks again every five seconds.
const POLL = 5000;
const { body } = document;
let open = false;

body.addEventListener('htmx:sse:after:connection', () => { open = true; });
body.addEventListener('htmx:sse:close', () => { open = false; });
body.addEventListener('htmx:sse:error', () => { open = false; });
if (body.hasAttribute('hx-sse:connect')) {
  setInterval(() => {
    if (!open && !document.hidden) body.dispatchEvent(new CustomEvent('all'));
  }, POLL);
}
