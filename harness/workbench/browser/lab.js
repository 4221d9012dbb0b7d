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

/** What the scenario came to that was run last, while this page was open. */
let cameTo = '';

/** The newest result that the page knows of; undefined until it was told what there was before. @type {number | undefined} */
let newestRun;

/** Whether something had the lab to itself when the page was told last. */
let wasBusy = false;

/** Tells what changed, also to screen readers: breakers, and what went wrong. @param {Snapshot} snapshot */
function tellChanges({ breakers, told, problem, service }) {
  const isBusy = service.doing !== null;
  if (isBusy && !wasBusy) cameTo = '';
  wasBusy = isBusy;
  const all = [
    ...Object.entries(breakers).flatMap(([name, state]) =>
      state === 'closed' ? [] : [[`breaker ${name} ${state}`, told[name]].filter(Boolean).join(': ')],
    ),
    ...(service.doing === null ? [cameTo] : [`busy: ${service.doing.what}`]),
    problem,
  ];
  tellState(all.filter((text) => text !== '').join('; '));
}

/** @type {Record<string, (data: never) => void>} */
const SHOW = {
  hello() {
    byId('receipt-rows').replaceChildren();
    byId('log-lines').replaceChildren();
    tellState('');
    notify('');
    awaitsLoad = true;
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
    if (isNew) cameTo = byId('runs').querySelector('summary')?.textContent?.trim() ?? '';
    newestRun = newest;
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
events.addEventListener('error', () => {
  document.body.classList.add('ended');
  notify('The lab has ended, or can not be reached.');
});

whenLookChanges(() => {
  if (live.plots.length > 0) draw(live);
  drawSeen(curves);
});
