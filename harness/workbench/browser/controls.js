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
    tellRefusal(
      isOn ? await ask('POST', `/upstreams/${target}/faults`, { kind: 'refuse' }) : await healKind(target, 'refuse'),
    );
  });
}

/** A fault as its form says it. @param {HTMLFormElement} form @returns {Record<string, unknown>} */
function readFault(form) {
  /** @type {Record<string, unknown>} */
  const fault = { kind: form.dataset.kind };
  for (const field of fieldsOf(form)) {
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

const faultForms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form.fault'));

/** The fields of a fault's form. @param {HTMLFormElement} form @returns {NodeListOf<HTMLInputElement>} */
const fieldsOf = (form) => form.querySelectorAll('[data-as]');

/**
 * Says why a fault is refused, beside its switch, and marks the field that it is about; or takes that back.
 *
 * @param {HTMLFormElement} form
 * @param {string} why
 * @param {boolean} [leads] Whether it goes to that field, too.
 */
function tellRefused(form, why, leads = false) {
  const refused = /** @type {HTMLElement} */ (form.querySelector('.refused'));
  if (refused.textContent !== why) refused.textContent = why;
  for (const field of fieldsOf(form)) {
    const isMeant = why.startsWith(`"${field.name}"`);
    field.setAttribute('aria-invalid', String(isMeant));
    if (!isMeant || !leads) continue;
    for (const details of form.querySelectorAll('details')) details.open = true;
    field.focus();
  }
}

/**
 * Sets the fault of a form as its fields say, or changes the one that is set.
 *
 * @param {HTMLFormElement} form
 * @param {boolean} leads Whether a refusal goes to the field that it is about.
 */
async function apply(form, leads) {
  const { target = '', kind = '' } = form.dataset;
  const set = faultsOf(target).findLast((fault) => fault.kind === kind);
  const path = `/upstreams/${target}/faults`;
  const fault = readFault(form);
  form.dataset.applied = JSON.stringify(fault);
  const { kind: _, ...fields } = fault;
  // What the form says nothing of goes back to its default.
  const defaults = Object.fromEntries([...fieldsOf(form)].map(({ name }) => [name, null]));
  const asking = set ? ask('PATCH', `${path}/${set.id}`, { ...defaults, ...fields }) : ask('POST', path, fault);
  tellRefused(form, await asking, leads);
}

for (const form of faultForms) {
  const { target = '', kind = '' } = form.dataset;
  const button = /** @type {HTMLElement} */ (form.querySelector('[role=switch]'));
  const isOn = () => button.getAttribute('aria-checked') === 'true';
  button.addEventListener('click', async () => {
    if (isOn()) tellRefused(form, await healKind(target, kind));
    else await apply(form, true);
  });
  form.addEventListener('input', () => tellRefused(form, ''));
  form.addEventListener('change', () => {
    if (isOn() && form.dataset.applied !== JSON.stringify(readFault(form))) apply(form, false);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    apply(form, true);
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

byId('heal').addEventListener('click', () => {
  for (const form of faultForms) tellRefused(form, '');
  askAndTell('DELETE', '/faults');
});
byId('stop').addEventListener('click', () => askAndTell('DELETE', '/scenarios'));
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-signal]'))) {
  button.addEventListener('click', () => askAndTell('POST', '/service/restarts', { signal: button.dataset.signal }));
}
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-scenario]'))) {
  button.addEventListener('click', () => askAndTell('POST', '/scenarios', { name: button.dataset.scenario }));
}
