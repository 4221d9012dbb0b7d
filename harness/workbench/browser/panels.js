/** Shows states, switches, receipts and the log. */

/** @import { Receipt } from '../../history/events.ts' */
/** @import { Snapshot } from '../messages.ts' */

import { byId } from './asking.js';
import { faultForms } from './fault-forms.js';
import { faultsOf } from './known-faults.js';

/** Maximum number of receipts and log lines to keep on the page. */
const MOST_ROWS = 100;
const MOST_LINES = 300;

const SIGN = { open: '▲', 'half-open': '◆', closed: '●' };

/** @param {string} name @param {string} value @param {string} [tone] */
function fact(name, value, tone = '') {
  const item = document.createElement('li');
  item.className = tone;
  const label = document.createElement('span');
  label.textContent = name;
  const strong = document.createElement('strong');
  strong.textContent = value;
  item.append(label, ' ', strong);
  return item;
}

/** @type {Record<Snapshot['service']['state'], string>} */
const SERVICE_TONE = { up: 'PASS', restarting: 'INCONCLUSIVE', down: 'FAIL' };

/** Shows the figures at the top. @param {Snapshot} snapshot */
export function showNow({ service, breakers, connections, rates, latency, phase }) {
  const perSecond = rates.filter((rate) => rate.perSecond > 0).map((rate) => `${rate.perSecond} × ${rate.label}`);
  const ms = (/** @type {number} */ value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  byId('now').replaceChildren(
    fact('service', service.state, SERVICE_TONE[service.state]),
    ...Object.entries(breakers).map(([name, state]) =>
      fact(
        `breaker ${name}`,
        `${SIGN[/** @type {keyof typeof SIGN} */ (state)]} ${state}`,
        state === 'closed' ? 'PASS' : state === 'open' ? 'FAIL' : 'INCONCLUSIVE',
      ),
    ),
    fact(
      'connections',
      connections.ceiling === null ? `${connections.open}` : `${connections.open} of ${connections.ceiling}`,
    ),
    fact('last second', perSecond.join(', ') || 'no requests'),
    fact('latency, 5 s', latency ? `p50 ${ms(latency.p50)}, p99 ${ms(latency.p99)}` : '–'),
    ...(phase === '' ? [] : [fact('phase', phase)]),
  );
}

/** @param {Snapshot} snapshot */
export function showSwitches({ faults, service, load }) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-power]'))) {
    const isOff = faultsOf(button.dataset.power ?? '').some(({ kind }) => kind === 'refuse');
    button.setAttribute('aria-checked', String(!isOff));
  }
  for (const form of faultForms) {
    const { target = '', kind = '' } = form.dataset;
    const isOn = faultsOf(target).some((fault) => fault.kind === kind);
    form.querySelector('[role=switch]')?.setAttribute('aria-checked', String(isOn));
    const all = (faults[target] ?? []).filter((fault) => fault.kind === kind);
    const last = all.at(-1);
    const counts = /** @type {HTMLElement} */ (form.querySelector('.counts'));
    counts.textContent = last ? `${last.state}: acted on ${last.disrupted} of ${last.seen}` : '';
  }
  for (const count of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-count]'))) {
    const set = faultsOf(count.dataset.count ?? '').length;
    count.textContent = set === 0 ? '' : set === 1 ? '1 fault' : `${set} faults`;
  }
  const busy = service.doing !== null;
  const usable = '[data-power], form.fault [role=switch], #heal, [data-signal], [data-scenario]';
  for (const control of document.querySelectorAll(usable)) control.setAttribute('aria-disabled', String(busy));
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-scenario]'))) {
    const text = service.doing?.what === button.dataset.scenario ? 'Running' : 'Run';
    if (button.textContent !== text) button.textContent = text;
  }
  byId('left-out').textContent =
    load.leftOut === 0 ? '' : `${load.leftOut} requests were not sent: too many are in progress.`;
}

/** Shows which operation or scenario occupies the lab. @param {Snapshot} snapshot */
export function showDoing({ service: { doing }, phase }) {
  byId('running').hidden = doing === null;
  if (!doing) return;
  const expected = doing.expected && ` of ${doing.expected}`;
  byId('running-text').textContent = `${doing.what}: ${doing.seconds.toFixed(0)} s${expected}${phase && `, ${phase}`}`;
}

/** @param {Receipt[]} receipts */
export function showReceipts(receipts) {
  const rows = receipts.map((receipt) => {
    const { at, upstream, kind } = receipt;
    /**
     * @type {{ at: number, endedAt?: number | null, route?: string, status?: number | null, outcome?: string, error?: string,
     *   why?: string, faults?: readonly string[], credentials?: readonly string[] }}
     */
    const { endedAt, route, status, outcome, error, why, faults = [], credentials = [] } = receipt;
    const row = document.createElement('tr');
    const leaked = kind === 'redirected' ? credentials.join(', ') : undefined;
    const ending = outcome === 'answered' ? undefined : outcome;
    const cameTo = [status, ending, error, why, leaked].filter(Boolean).join(' ');
    const ms = endedAt ? (endedAt - at).toFixed(1) : '';
    for (const text of [time(at), upstream, route ?? kind, cameTo, ms, faults.join(', ')]) {
      row.insertCell().textContent = text;
    }
    return row;
  });
  const body = byId('receipt-rows');
  body.prepend(...rows.reverse());
  while (body.children.length > MOST_ROWS) body.lastElementChild?.remove();
}

/** @param {number} at */
const time = (at) => new Date(at).toISOString().slice(11, 23);

/** @param {string[]} lines */
export function showLines(lines) {
  const list = byId('log-lines');
  const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  list.append(
    ...lines.map((text) => {
      const line = document.createElement('code');
      line.textContent = text;
      return line;
    }),
  );
  while (list.children.length > MOST_LINES) list.firstElementChild?.remove();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}
