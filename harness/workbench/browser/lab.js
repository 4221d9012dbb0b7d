/** Receives the lab's events and shows them. */

/** @import { Drawn } from '../../report/html/browser/charts.js' */
/** @import { Chart } from '../../report/timeline/chart.ts' */
/** @import { LiveTimeline, Snapshot } from '../messages.ts' */

import { draw, drawIn, drawSeen, redraw, whenLookChanges } from '../../report/html/browser/charts.js';
import { offerCopies } from '../../report/html/browser/copying.js';
import { readValues } from '../../report/html/browser/reading.js';
import { byId, notify, tellState } from './asking.js';
import './controls.js';
import { rememberFaults } from './known-faults.js';
import { awaitLoad, showLoad } from './load-form.js';
import { showDoing, showLines, showNow, showReceipts, showSwitches } from './panels.js';

/** @type {Drawn} */
const live = {
  element: byId('timeline'),
  timeline: { zero: 0, end: 1, charts: [], faults: [], marks: [] },
  id: 'live',
  plots: [],
};
readValues(live);

/** The curves in past runs. @type {Drawn[]} */
let curves = [];

/** @param {LiveTimeline} charts */
function showCharts({ timeline, descriptions }) {
  if (timeline.charts.length === 0) return;
  if (!redraw(live, timeline)) {
    live.timeline = timeline;
    byId('figures').replaceChildren(...timeline.charts.map(figureOf));
    draw(live);
  }
  for (const [index, plot] of live.element.querySelectorAll('.plot').entries()) {
    plot.setAttribute('aria-label', descriptions[index] ?? '');
  }
}

/** @param {Chart} chart */
function figureOf({ title }) {
  const [figure, caption, legend, plot] = ['figure', 'figcaption', 'ul', 'div'].map((name) =>
    document.createElement(name),
  );
  const [place, sum, list, target] = /** @type {HTMLElement[]} */ ([figure, caption, legend, plot]);
  if (!place || !sum || !list || !target) throw new Error('an element is missing');
  sum.textContent = title;
  list.className = 'legend';
  target.className = 'plot';
  target.setAttribute('role', 'img');
  place.append(sum, list, target);
  return place;
}

/** The result of the latest run that ended while this page was open, with its verdict. */
let cameTo = { text: '', verdict: '' };

/** The latest run that the page knows about, or undefined until the lab has sent its list. @type {number | undefined} */
let newestRun;

/** Whether the lab was busy in the last snapshot. */
let wasBusy = false;

/** Shows breakers and problems in the notice, which screen readers announce. @param {Snapshot} snapshot */
function announceChanges({ breakers, lastLines, problem, service }) {
  const isBusy = service.doing !== null;
  if (isBusy && !wasBusy) cameTo = { text: '', verdict: '' };
  wasBusy = isBusy;
  const open = Object.entries(breakers).filter(([, state]) => state !== 'closed');
  const all = [
    ...open.map(([name, state]) => [`breaker ${name} ${state}`, lastLines[name]].filter(Boolean).join(': ')),
    service.doing === null ? cameTo.text : `busy: ${service.doing.what}`,
    problem,
  ];
  const tone = problem !== '' ? 'FAIL' : open.length > 0 ? 'INCONCLUSIVE' : isBusy ? '' : cameTo.verdict;
  tellState(all.filter((text) => text !== '').join('; '), tone);
}

/** Returns the summary of the first run in a list, with its verdict. @param {HTMLElement} list */
const resultIn = (list) => ({
  text: list.querySelector('summary')?.textContent?.trim() ?? '',
  verdict:
    ['PASS', 'FAIL', 'INCONCLUSIVE'].find((verdict) => list.querySelector('.badge')?.classList.contains(verdict)) ?? '',
});

/** @type {Record<string, (data: never) => void>} */
const SHOW = {
  hello() {
    byId('receipt-rows').replaceChildren();
    byId('log-lines').replaceChildren();
    tellState('');
    notify('', '');
    awaitLoad();
    newestRun = undefined;
    document.body.classList.remove('ended');
  },
  receipts: showReceipts,
  log: showLines,
  charts: showCharts,
  runs(/** @type {{ html: string, newest: number }} */ { html, newest }) {
    for (const { plot } of curves.flatMap(({ plots }) => plots)) plot.destroy();
    byId('runs').innerHTML = html;
    offerCopies(byId('runs'));
    curves = drawIn(byId('runs'));
    const isNew = newestRun !== undefined && newest > newestRun;
    if (isNew) cameTo = resultIn(byId('runs'));
    newestRun = newest;
  },
  now(/** @type {Snapshot} */ snapshot) {
    rememberFaults(snapshot);
    showNow(snapshot);
    showSwitches(snapshot);
    showLoad(snapshot);
    showDoing(snapshot);
    announceChanges(snapshot);
  },
};

/**
 * Leaves an object only its own entries, for `JSON.parse`. Endpoints, upstreams and breakers may have names such as
 * `constructor`, and all other objects have an entry with this name.
 * @param {string} _
 * @param {unknown} value
 */
const ownOnly = (_, value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.setPrototypeOf(value, null) : value;

const events = new EventSource('events');
for (const [name, show] of Object.entries(SHOW)) {
  events.addEventListener(name, ({ data }) => show(/** @type {never} */ (JSON.parse(data, ownOnly))));
}
events.addEventListener('error', () => {
  document.body.classList.add('ended');
  notify('The lab has ended or cannot be reached.');
});

whenLookChanges(() => {
  if (live.plots.length > 0) draw(live);
  drawSeen(curves);
});
