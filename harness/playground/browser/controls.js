/** What can be done: power switches, faults, load, restarts, scenarios. */

/** The newest snapshot: which faults there are. @type {Snapshot | undefined} */
let known;

/** Faults of a target that wait or act. @param {string} target */
const faultsOf = (target) =>
  (known?.faults[target] ?? []).filter(({ state }) => state === 'waiting' || state === 'active');

/** Takes faults of a kind away. @param {string} target @param {string} kind @returns {Promise<string>} */
async function healKind(target, kind) {
  const set = faultsOf(target).filter((fault) => fault.kind === kind);
  const said = await Promise.all(set.map(({ id }) => ask('DELETE', `/upstreams/${target}/faults/${id}`)));
  return said.find((text) => text !== '') ?? '';
}

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-power]'))) {
  const { power: target = '' } = button.dataset;
  button.addEventListener('click', async () => {
    const isOn = button.getAttribute('aria-checked') === 'true';
    notify(
      isOn ? await ask('POST', `/upstreams/${target}/faults`, { kind: 'refuse' }) : await healKind(target, 'refuse'),
    );
  });
}

/** A fault as its form says it. @param {HTMLFormElement} form @returns {Record<string, unknown>} */
function readFault(form) {
  /** @type {Record<string, unknown>} */
  const fault = { kind: form.dataset.kind };
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[data-as]'))) {
    const text = field.value.trim();
    if (text === '') continue;
    fault[field.name] = field.dataset.as === 'text' ? text : parsed(text);
  }
  return fault;
}

/** A number or other JSON; what is none goes as text, and is refused with what is allowed. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form.fault'))) {
  const { target = '', kind = '' } = form.dataset;
  const button = /** @type {HTMLElement} */ (form.querySelector('[role=switch]'));
  const refused = /** @type {HTMLElement} */ (form.querySelector('.refused'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const isOn = button.getAttribute('aria-checked') === 'true';
    refused.textContent = isOn
      ? await healKind(target, kind)
      : await ask('POST', `/upstreams/${target}/faults`, readFault(form));
  });
}

const loadForm = /** @type {HTMLFormElement} */ (byId('load-form'));
const sliders = /** @type {NodeListOf<HTMLInputElement>} */ (loadForm.querySelectorAll('[type=range]'));
const clients = /** @type {HTMLInputElement} */ (loadForm.elements.namedItem('clients'));

/** Whether the page has still to learn of the load that is set: from then on, it is the page that sets it. */
let awaitsLoad = true;

/** Hands the load on as the sliders say it. */
function setLoad() {
  awaitsLoad = false;
  const rates = Object.fromEntries([...sliders].map(({ name, value }) => [name, Number(value)]));
  askAndTell('PUT', '/load', { rates, clients: Number(clients.value) });
}

/** Shows a slider's value beside its name. @param {HTMLInputElement} slider */
function tellRate(slider) {
  const output = slider.parentElement?.querySelector('output');
  if (output) output.textContent = `${slider.value}/s`;
}

for (const slider of sliders) slider.addEventListener('input', () => tellRate(slider));
loadForm.addEventListener('change', setLoad);
loadForm.addEventListener('submit', (event) => event.preventDefault());

byId('heal').addEventListener('click', () => askAndTell('DELETE', '/faults'));
byId('stop').addEventListener('click', () => askAndTell('DELETE', '/scenarios'));
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-signal]'))) {
  button.addEventListener('click', () => askAndTell('POST', '/service/restarts', { signal: button.dataset.signal }));
}
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-scenario]'))) {
  button.addEventListener('click', () => askAndTell('POST', '/scenarios', { name: button.dataset.scenario }));
}
