/** What the report does: draws timelines once they are seen, opens what a link leads to, prepares print. */

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
  for (const details of document.querySelectorAll('details')) {
    if (printing) details.setAttribute('open', '');
  }
  drawAll();
}

for (const drawn of timelines) {
  drawn.element.closest('details')?.addEventListener('toggle', () => {
    if (drawn.plots.length === 0 && drawn.element.clientWidth > 0) draw(drawn);
  });
  readByKey(drawn);
}

offerCopies(document);

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
matchMedia('print').addEventListener('change', ({ matches }) => forPrint(matches));

whenLookChanges(drawAll);
drawAll();
openTarget();
