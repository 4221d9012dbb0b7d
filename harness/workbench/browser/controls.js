/** Buttons for power, healing, restarts and scenarios. */

import { ask, askAndTell, byId, tellRefusal } from './asking.js';
import { faultForms, tellRefused } from './fault-forms.js';
import { healKind } from './known-faults.js';

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-power]'))) {
  const { power: target = '' } = button.dataset;
  button.addEventListener('click', async () => {
    const isOn = button.getAttribute('aria-checked') === 'true';
    tellRefusal(
      isOn ? await ask('POST', `/upstreams/${target}/faults`, { kind: 'refuse' }) : await healKind(target, 'refuse'),
    );
  });
}

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
