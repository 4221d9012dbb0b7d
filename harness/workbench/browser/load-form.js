/** The load, which is set with sliders. */

/** @import { Snapshot } from '../messages.ts' */

import { askAndTell, byId } from './asking.js';

const loadForm = /** @type {HTMLFormElement} */ (byId('load-form'));
const sliders = /** @type {NodeListOf<HTMLInputElement>} */ (loadForm.querySelectorAll('[type=range]'));
const clients = /** @type {HTMLInputElement} */ (loadForm.elements.namedItem('clients'));

/** Whether to set the sliders from the next snapshot. Otherwise, the sliders determine the load. */
let awaitsLoad = true;

/** Sets the sliders from the next snapshot. */
export function awaitLoad() {
  awaitsLoad = true;
}

/** Sends the load that the sliders show. */
function setLoad() {
  awaitsLoad = false;
  const rates = Object.fromEntries([...sliders].map(({ name, value }) => [name, Number(value)]));
  askAndTell('PUT', '/load', { rates, clients: Number(clients.value) });
}

/** Shows a slider's value next to its name. @param {HTMLInputElement} slider */
function showRate(slider) {
  const output = slider.parentElement?.querySelector('output');
  if (output) output.textContent = `${slider.value}/s`;
}

for (const slider of sliders) slider.addEventListener('input', () => showRate(slider));
loadForm.addEventListener('change', setLoad);
loadForm.addEventListener('submit', (event) => event.preventDefault());

/** Sets the sliders to the load in a snapshot, if the page is waiting for one. @param {Snapshot} snapshot */
export function showLoad({ load }) {
  if (!awaitsLoad) return;
  awaitsLoad = false;
  for (const slider of sliders) {
    slider.value = String(load.rates[slider.name] ?? 0);
    showRate(slider);
  }
  clients.value = String(load.clients);
}
