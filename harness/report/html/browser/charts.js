/** Draws the charts of each timeline, and again when the width or the colour scheme changes or the page is printed. */

/** @import { Chart } from '../../timeline/chart.ts' */
/** @import { Timeline } from '../../timeline/timeline.ts' */
/** @typedef {{ element: HTMLElement, timeline: Timeline, id: string, plots: { plot: uPlot, read: (plot: uPlot) => string }[] }} Drawn */

import uPlot from 'uplot';
import { dataOf } from './chart-data.js';
import { options, seriesOf } from './chart-options.js';
import { fillLegend, reader } from './legend.js';

/** @param {Drawn} drawn */
export function draw(drawn) {
  for (const { plot } of drawn.plots) plot.destroy();
  drawn.plots = drawn.timeline.charts.map((chart, index) => {
    const figure = /** @type {HTMLElement} */ (drawn.element.querySelectorAll('figure')[index]);
    const target = /** @type {HTMLElement} */ (figure.querySelector('.plot'));
    const legend = /** @type {HTMLElement} */ (figure.querySelector('.legend'));
    fillLegend(chart, legend);
    const read = reader(chart, legend);
    const series = chart.kind === 'bars' ? seriesOf(chart).toReversed() : seriesOf(chart);
    const settings = options(chart, series, drawn.timeline, drawn.id, target.clientWidth);
    settings.hooks = { ...settings.hooks, setCursor: [read] };
    return { plot: new uPlot(settings, dataOf(chart, drawn.timeline), target), read };
  });
}

/** What decides how a timeline's charts are laid out. @param {Timeline} timeline */
const layoutOf = ({ charts }) =>
  JSON.stringify(
    charts.map((chart) => [chart.title, chart.kind === 'lanes' ? chart.lanes : chart.series.map(labelOf)]),
  );

/** @param {{ label: string }} series */
const labelOf = ({ label }) => label;

/**
 * Draws a timeline in the place of the one before it: in the same charts, so that a cursor stays, where they are laid out alike.
 *
 * @param {Drawn} drawn
 * @param {Timeline} next
 * @returns {boolean} Whether that was so; where not, there have to be other figures first.
 */
export function redraw(drawn, next) {
  if (drawn.plots.length === 0 || layoutOf(drawn.timeline) !== layoutOf(next)) return false;
  const { charts } = drawn.timeline;
  // What is drawn holds on to these objects.
  for (const [index, chart] of charts.entries()) Object.assign(chart, next.charts[index]);
  Object.assign(drawn.timeline, next, { charts });
  for (const [index, { plot, read }] of drawn.plots.entries()) {
    plot.setData(dataOf(/** @type {Chart} */ (charts[index]), next));
    read(plot);
  }
  return true;
}

/** Draws again all that can be seen: a chart in a closed part of the page has no width. @param {Drawn[]} all */
export function drawSeen(all) {
  for (const drawn of all) if (drawn.element.clientWidth > 0) draw(drawn);
}

/** Finds the timelines and curves of a part of the page, and draws each once it is seen. @param {ParentNode} part @returns {Drawn[]} */
export function drawIn(part) {
  const all = [...part.querySelectorAll('.timeline')].map((element) => ({
    element: /** @type {HTMLElement} */ (element),
    timeline: JSON.parse(element.querySelector('script')?.textContent ?? '{}'),
    id: element.id,
    plots: [],
  }));
  for (const drawn of all) {
    // A toggle event does not bubble.
    for (
      let around = drawn.element.closest('details');
      around;
      around = around.parentElement?.closest('details') ?? null
    ) {
      around.addEventListener('toggle', () => {
        if (drawn.plots.length === 0 && drawn.element.clientWidth > 0) draw(drawn);
      });
    }
  }
  drawSeen(all);
  return all;
}

/** Calls back where everything has to be drawn anew: in another width, or in other colours. @param {() => void} drawAnew */
export function whenLookChanges(drawAnew) {
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) drawAnew();
    width = innerWidth;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAnew);
}
