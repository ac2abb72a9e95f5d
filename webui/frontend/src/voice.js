// The ring and the voice of a screen: each call is heard once, a repeated one once more.
// What is said stands in the page (#heard); nothing is fetched and no name is ever known here.
const KEPT = 'screen-voice';
const LONGEST = 15000;
const SETTLE = 1000;
const panel = document.getElementById('voice');
const display = document.querySelector('[data-screen]');

if (panel && display) {
  const button = panel.querySelector('button');
  const word = button.querySelector('[data-on]');
  const said = panel.querySelector('[data-mute]');
  const words = { false: word.textContent, true: word.dataset.on };
  let on = false;
  let sound = null;
  let quietUntil = 0;
  let turn = Promise.resolve();
  let known = new Set(calls().map(({ key }) => key));

  function calls() {
    return [...display.querySelectorAll('[data-call]')].map((line) => ({ key: line.dataset.call, text: line.textContent }));
  }

  const later = (ms) => new Promise((done) => { setTimeout(done, ms); });

  /** Two tones, drawn by the browser itself: no file, nothing to load. */
  function ring() {
    const start = sound.currentTime;
    [[880, 0], [659, 0.35]].forEach(([pitch, wait]) => {
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.4, start + wait);
      loud.gain.exponentialRampToValueAtTime(0.001, start + wait + 0.6);
      tone.connect(loud).connect(sound.destination);
      tone.start(start + wait);
      tone.stop(start + wait + 0.6);
    });
    return later(900);
  }

  const voiceFor = (lang) => speechSynthesis.getVoices().find((one) => one.lang.replace('_', '-').startsWith(lang));

  function speak(text) {
    const { lang } = panel.dataset;
    const line = new SpeechSynthesisUtterance(text);
    line.lang = lang;
    line.rate = 0.85;
    line.voice = voiceFor(lang) ?? voiceFor(lang.slice(0, 2)) ?? null;
    const spoken = new Promise((done) => { line.onend = done; line.onerror = done; });
    speechSynthesis.speak(line);
    // A voice that hangs must not keep the next call silent.
    return Promise.race([spoken, later(LONGEST).then(() => speechSynthesis.cancel())]);
  }

  function look() {
    const now = calls();
    const fresh = now.filter(({ key }) => !known.has(key)).reverse();
    known = new Set(now.map(({ key }) => key));
    if (!on || Date.now() < quietUntil) return;
    for (const { text } of fresh) {
      turn = turn.then(() => on && ring()).then(() => on && speak(text));
    }
  }

  function mute() {
    const none = !speechSynthesis.getVoices().some((one) => one.lang.startsWith(panel.dataset.lang.slice(0, 2)));
    said.textContent = on && none ? said.dataset.mute : '';
  }

  async function turnOn(wanted) {
    if (wanted) {
      sound ??= new AudioContext();
      // Without a touch the browser never answers; the switch then waits for one.
      await Promise.race([sound.resume(), later(SETTLE)]);
    } else {
      speechSynthesis.cancel();
    }
    on = wanted && sound.state === 'running';
    button.setAttribute('aria-pressed', String(on));
    word.textContent = words[on];
    mute();
  }

  panel.hidden = false;
  button.addEventListener('click', () => {
    const wanted = !on;
    localStorage.setItem(KEPT, wanted ? 'on' : 'off');
    turnOn(wanted);
  });
  if (localStorage.getItem(KEPT) === 'on') turnOn(true);
  speechSynthesis.addEventListener('voiceschanged', mute);
  // What was called while the screen was cut off is shown, but no longer shouted all at once.
  display.addEventListener('back', () => { quietUntil = Date.now() + SETTLE; });
  new MutationObserver(look).observe(display, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-call'] });
}
