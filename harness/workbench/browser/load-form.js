/** The load, set by sliders. */

/** @import { Snapshot } from '../messages.ts' */

import { askAndTell, byId } from './asking.js';

const loadForm = /** @type {HTMLFormElement} */ (byId('load-form'));
const sliders = /** @type {NodeListOf<HTMLInputElement>} */ (loadForm.querySelectorAll('[type=range]'));
const clients = /** @type {HTMLInputElement} */ (loadForm.elements.namedItem('clients'));

/** Whether the next snapshot decides the sliders. After that, the sliders decide the load. */
let awaitsLoad = true;

/** Lets the next snapshot decide the sliders. */
export function awaitLoad() {
  awaitsLoad = true;
}

/** Sends the load that the sliders show. */
function setLoad() {
  awaitsLoad = false;
  const rates = Object.fromEntries([...sliders].map(({ name, value }) => [name, Number(value)]));
  askAndTell('PUT', '/load', { rates, clients: Number(clients.value) });
}

/** Shows a slider's value beside its name. @param {HTMLInputElement} slider */
function showRate(slider) {
  const output = slider.parentElement?.querySelector('output');
  if (output) output.textContent = `${slider.value}/s`;
}

for (const slider of sliders) slider.addEventListener('input', () => showRate(slider));
loadForm.addEventListener('change', setLoad);
loadForm.addEventListener('submit', (event) => event.preventDefault());

/** Moves the sliders to the load of a snapshot, if the page waits for one. @param {Snapshot} snapshot */
export function showLoad({ load }) {
  if (!awaitsLoad) return;
  awaitsLoad = false;
  for (const slider of sliders) {
    slider.value = String(load.rates[slider.name] ?? 0);
    showRate(slider);
  }
  clients.value = String(load.clients);
}
