/** Draws all timelines' charts, and redraws them when the width or color scheme changes or the page is printed. */

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

/**
 * Describes the layout of a timeline's charts. Timelines with the same layout can share figures. @param {Timeline}
 * timeline
 */
const layoutOf = ({ charts }) =>
  JSON.stringify(
    charts.map((chart) => [chart.title, chart.kind === 'lanes' ? chart.lanes : chart.series.map(labelOf)]),
  );

/** @param {{ label: string }} series */
const labelOf = ({ label }) => label;

/**
 * Draws a timeline into the previous one's charts if both have the same layout, so that the cursor stays in place.
 *
 * @param {Drawn} drawn
 * @param {Timeline} next
 * @returns {boolean} False if the layouts differ. In this case, the page needs new figures.
 */
export function redraw(drawn, next) {
  if (drawn.plots.length === 0 || layoutOf(drawn.timeline) !== layoutOf(next)) return false;
  const { charts } = drawn.timeline;
  // Each plot's options refer to these objects.
  for (const [index, chart] of charts.entries()) Object.assign(chart, next.charts[index]);
  Object.assign(drawn.timeline, next, { charts });
  for (const [index, { plot, read }] of drawn.plots.entries()) {
    plot.setData(dataOf(/** @type {Chart} */ (charts[index]), next));
    read(plot);
  }
  return true;
}

/** Redraws all visible timelines. A chart in a collapsed part of the page has no width. @param {Drawn[]} all */
export function drawSeen(all) {
  for (const drawn of all) if (drawn.element.clientWidth > 0) draw(drawn);
}

/** Finds all timelines and curves in part of the page, and draws each one when it becomes visible. @param {ParentNode} part @returns {Drawn[]} */
export function drawIn(part) {
  const all = [...part.querySelectorAll('.timeline')].map((element) => ({
    element: /** @type {HTMLElement} */ (element),
    timeline: JSON.parse(element.querySelector('script')?.textContent ?? '{}'),
    id: element.id,
    plots: [],
  }));
  for (const drawn of all) {
    // Toggle events don't bubble.
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

/** Calls back when the width or the color scheme changes. @param {() => void} drawAnew */
export function whenLookChanges(drawAnew) {
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) drawAnew();
    width = innerWidth;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAnew);
}
