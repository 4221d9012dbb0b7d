/** Forms that set, change and remove faults. */

import { ask } from './asking.js';
import { faultsOf, healKind } from './known-faults.js';

/** Reads a fault from its form. @param {HTMLFormElement} form @returns {Record<string, unknown>} */
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

/** Parses JSON, such as a number. Anything else is sent as text, and the lab's error message explains what is allowed. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const faultForms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form.fault'));

/** @param {HTMLFormElement} form @returns {NodeListOf<HTMLInputElement>} */
const fieldsOf = (form) => form.querySelectorAll('[data-as]');

/**
 * Shows next to a fault's switch why the fault was rejected, and marks the invalid field.
 *
 * @param {HTMLFormElement} form
 * @param {string} why The reason. An empty string removes the message and the mark.
 * @param {boolean} [leads] Whether to focus the invalid field.
 */
export function tellRefused(form, why, leads = false) {
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
 * Sets the fault that a form describes, or changes it if it is already set.
 *
 * @param {HTMLFormElement} form
 * @param {boolean} leads Whether to focus the invalid field if the fault is rejected.
 */
async function apply(form, leads) {
  const { target = '', kind = '' } = form.dataset;
  const set = faultsOf(target).findLast((fault) => fault.kind === kind);
  const path = `/upstreams/${target}/faults`;
  const fault = readFault(form);
  form.dataset.applied = JSON.stringify(fault);
  const { kind: _, ...fields } = fault;
  // An empty field is reset to its default.
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
