// A process as a drawing to look at: done steps green, open steps blue.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

async function draw(place) {
  const { xml, done, open } = JSON.parse(document.getElementById(place.dataset.diagram).textContent);
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(xml);
  const canvas = viewer.get('canvas');
  const known = viewer.get('elementRegistry');
  const mark = (ids, look) => ids.filter((id) => known.get(id)).forEach((id) => canvas.addMarker(id, look));
  mark(done, 'step-done');
  mark(open, 'step-open');
  fit(canvas, place);
  new ResizeObserver(() => { canvas.resized(); fit(canvas, place); }).observe(place);
  place.dataset.ready = 'yes';
}

/** Show the whole drawing, never larger than it was drawn, and keep its left half in sight. */
function fit(canvas, place) {
  if (!place.clientWidth) return;
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() > 1) canvas.zoom(1, 'auto');
}

for (const place of document.querySelectorAll('[data-diagram]')) {
  draw(place).catch((error) => {
    place.dataset.ready = 'failed';
    console.error(error);
  });
}
