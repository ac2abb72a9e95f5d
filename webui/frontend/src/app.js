// Every page: the look, htmx, the live stream and a few small manners of forms.
import 'bootstrap/dist/css/bootstrap.css';
import './theme.css';
import './slips.css';
import './acts.css';
import './admin.css';
import 'htmx.org';
import 'htmx.org/dist/ext/hx-sse.js';
import './requests.js';
import './live.js';
import './forms.js';
import './keys.js';
import './screen.js';
import './voice.js';
import './counter.js';
import './unsent.js';

document.documentElement.dataset.ready = 'app';
