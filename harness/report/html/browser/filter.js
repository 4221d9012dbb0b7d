/** Filters the scenarios by verdict and by text. */

/**
 * Shows the filter and applies it when its fields change. Following a link to a hidden scenario resets it: see
 * `showAll`.
 */
export function offerFilter() {
  const form = filterForm();
  if (!form) return;
  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('reset', () => setTimeout(apply));
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();
}

/** Resets the filter, so that all scenarios are shown. */
export const showAll = () => filterForm()?.reset();

const filterForm = () => /** @type {HTMLFormElement | null} */ (document.querySelector('form.filter'));

function apply() {
  const form = /** @type {HTMLFormElement} */ (filterForm());
  const fields = new FormData(form);
  const verdicts = fields.getAll('verdict');
  const words = String(fields.get('text')).toLowerCase().split(/\s+/);
  const scenarios = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('details.scenario'));
  let shown = 0;
  for (const scenario of scenarios) {
    const text = scenario.textContent.toLowerCase();
    const matches = verdicts.includes(scenario.dataset.verdict ?? '') && words.every((word) => text.includes(word));
    scenario.hidden = !matches;
    if (matches) shown += 1;
  }
  const output = form.querySelector('output');
  if (output) output.textContent = `${shown} of ${scenarios.length} scenarios`;
}
