// A screen of the hall says since when it has heard nothing, and finds back by itself.
const SILENT = 15000;
const display = document.querySelector('[data-screen]');

if (display) {
  const cutOff = document.getElementById('cut-off');
  let last = Date.now();
  const told = (at) => new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
  display.addEventListener('htmx:after:request', ({ detail }) => {
    if (detail.ctx.response?.status === 200) last = Date.now();
  });
  setInterval(() => {
    cutOff.hidden = Date.now() - last < SILENT;
    cutOff.querySelector('time').textContent = told(last);
  }, 1000);
}
