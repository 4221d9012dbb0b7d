/** Follows the lab's events, and shows what they tell. */

/** @type {Drawn} */
const live = {
  element: byId('timeline'),
  timeline: { zero: 0, end: 1, charts: [], faults: [], marks: [] },
  id: 'live',
  plots: [],
};
readValues(live);

/** The curves of what was run. @type {Drawn[]} */
let curves = [];

/** @param {import('../messages.ts').LiveTimeline} charts */
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
  if (!place || !sum || !list || !target) throw new Error('an element was not made');
  sum.textContent = title;
  list.className = 'legend';
  target.className = 'plot';
  target.setAttribute('role', 'img');
  place.append(sum, list, target);
  return place;
}

/** What was said of the breakers last. */
let said = '';

/** Tells what changed, also to screen readers: breakers, and what went wrong. @param {Snapshot} snapshot */
function tellChanges({ breakers, problem, service }) {
  const now = [
    ...Object.entries(breakers).flatMap(([name, state]) => (state === 'closed' ? [] : [`breaker ${name} ${state}`])),
    ...(service.doing === null ? [] : [`busy: ${service.doing.what}`]),
    ...(problem === '' ? [] : [problem]),
  ].join('; ');
  if (now !== said) notify(now);
  said = now;
}

/** @type {Record<string, (data: never) => void>} */
const SHOW = {
  hello() {
    byId('receipt-rows').replaceChildren();
    byId('log-lines').replaceChildren();
    notify('');
    awaitsLoad = true;
  },
  receipts: showReceipts,
  log: showLines,
  charts: showCharts,
  runs({ html }) {
    for (const { plot } of curves.flatMap(({ plots }) => plots)) plot.destroy();
    byId('runs').innerHTML = html;
    offerCopies(byId('runs'));
    curves = drawIn(byId('runs'));
  },
  now(/** @type {Snapshot} */ snapshot) {
    known = snapshot;
    showNow(snapshot);
    showSwitches(snapshot);
    if (awaitsLoad) showLoad(snapshot);
    awaitsLoad = false;
    showDoing(snapshot);
    tellChanges(snapshot);
  },
};

const events = new EventSource('events');
for (const [name, show] of Object.entries(SHOW)) {
  events.addEventListener(name, ({ data }) => show(/** @type {never} */ (JSON.parse(data))));
}
events.addEventListener('error', () => notify('The lab has ended, or can not be reached.'));

whenLookChanges(() => {
  if (live.plots.length > 0) draw(live);
  drawSeen(curves);
});
