/**
 * The report page: draws timelines when they become visible, opens link targets, and prepares the page for printing.
 */

import { drawIn, drawSeen, whenLookChanges } from './charts.js';
import { offerCopies } from './copying.js';
import { offerFilter, showAll } from './filter.js';
import { readValues } from './reading.js';

const timelines = drawIn(document);
for (const drawn of timelines) readValues(drawn);

/** Parts that were opened only for printing. @type {Set<HTMLDetailsElement>} */
const opened = new Set();

/** Opens all parts of expanded scenarios before printing, and closes them afterwards. @param {boolean} printing */
function forPrint(printing) {
  document.documentElement.classList.toggle('printing', printing);
  for (const details of printing ? document.querySelectorAll('details:not(.scenario):not([open])') : opened) {
    if (!(details instanceof HTMLDetailsElement) || details.closest('.scenario:not([open])')) continue;
    details.open = printing;
    opened[printing ? 'add' : 'delete'](details);
  }
  drawSeen(timelines);
}

offerCopies(document);
offerFilter();

/** Opens all parts of the page that contain the link target, and shows its scenario if the filter hides it. */
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  if (target.closest('[hidden]')) {
    showAll();
    for (const scenario of document.querySelectorAll('.scenario')) scenario.removeAttribute('hidden');
  }
  for (let at = target.closest('details'); at; at = at.parentElement?.closest('details') ?? null) at.open = true;
  target.scrollIntoView();
}

addEventListener('hashchange', openTarget);
addEventListener('beforeprint', () => forPrint(true));
addEventListener('afterprint', () => forPrint(false));
matchMedia('print').addEventListener('change', ({ matches }) => forPrint(matches));

whenLookChanges(() => drawSeen(timelines));
openTarget();
