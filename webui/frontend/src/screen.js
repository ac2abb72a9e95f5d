// A screen of the hall says since when it has heard nothing, and finds back by itself; the machine
// that gives out numbers goes back to its start for the next visitor.
import './screens.css';

const SILENT = 15000;
const display = document.querySelector('[data-screen]');

if (display) {
  const cutOff = document.getElementById('cut-off');
  let last = Date.now();
  const told = (at) => new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
  display.addEventListener('htmx:after:request', ({ detail }) => {
    if (detail.ctx.response?.status !== 200) return;
    if (Date.now() - last > SILENT) display.dispatchEvent(new CustomEvent('back'));
    last = Date.now();
  });
  setInterval(() => {
    cutOff.hidden = Date.now() - last < SILENT;
    cutOff.querySelector('time').textContent = told(last);
  }, 1000);
}

const { home, after } = document.body.dataset;
if (home) {
  let touched = Date.now();
  for (const kind of ['pointerdown', 'keydown', 'scroll']) {
    document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  }
  const timer = setInterval(() => {
    if (Date.now() - touched < after * 1000) return;
    clearInterval(timer);
    // The next visitor must not come back to what the last one did.
    window.location.replace(home);
  }, 500);
}

// A slip is printed once, when it comes out; whoever reloads the page has it already.
const [arrived] = performance.getEntriesByType('navigation');
if (document.querySelector('[data-print-now]') && arrived?.type === 'navigate') {
  window.addEventListener('load', () => window.print());
}
