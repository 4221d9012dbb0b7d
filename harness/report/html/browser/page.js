/** What the page does: draws timelines once they are seen, moves their cursor by key, copies commands, prepares print. */

/** @type {Drawn[]} */
const timelines = [...document.querySelectorAll('.timeline')].map((element) => ({
  element: /** @type {HTMLElement} */ (element),
  timeline: JSON.parse(element.querySelector('script')?.textContent ?? '{}'),
  id: element.id,
  plots: [],
}));

/** Draws again all that can be seen: a chart in a closed part of the page has no width. */
function drawAll() {
  for (const drawn of timelines) if (drawn.element.clientWidth > 0) draw(drawn);
}

/** @param {boolean} printing */
function forPrint(printing) {
  document.documentElement.classList.toggle('printing', printing);
  for (const details of document.querySelectorAll('details.scenario')) {
    if (printing) details.setAttribute('open', '');
  }
  drawAll();
}

for (const drawn of timelines) {
  drawn.element.closest('details')?.addEventListener('toggle', () => {
    if (drawn.plots.length === 0 && drawn.element.clientWidth > 0) draw(drawn);
  });
  let time = 0;
  drawn.element.addEventListener('keydown', (event) => {
    const { key, shiftKey, target } = event;
    const { end } = drawn.timeline;
    const step = (end / 100) * (shiftKey ? 10 : 1);
    const moved = { ArrowLeft: time - step, ArrowRight: time + step, Home: 0, End: end }[key];
    if (moved === undefined || target !== drawn.element) return;
    event.preventDefault();
    time = Math.min(Math.max(moved, 0), end);
    const said = drawn.plots.map(({ plot, read }) => {
      plot.setCursor({ left: plot.valToPos(time, 'x'), top: 10 }, false);
      return read(plot);
    });
    const output = drawn.element.querySelector('output');
    if (output) output.textContent = [`${time.toFixed(2)} s`, ...said.filter(Boolean)].join('; ');
  });
}

for (const button of document.querySelectorAll('button.copy')) {
  button.removeAttribute('hidden');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.previousElementSibling?.textContent ?? '');
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2_000);
  });
}

/** A link to something in a closed part of the page opens that. */
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let at = target.closest('details'); at; at = at.parentElement?.closest('details') ?? null) at.open = true;
  target.scrollIntoView();
}

addEventListener('hashchange', openTarget);
addEventListener('beforeprint', () => forPrint(true));
addEventListener('afterprint', () => forPrint(false));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
matchMedia('print').addEventListener('change', ({ matches }) => forPrint(matches));

let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === width) return;
  width = innerWidth;
  drawAll();
});

drawAll();
openTarget();
