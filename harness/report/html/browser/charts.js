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

/** Describes the layout of a timeline's charts: equal layouts can share figures. @param {Timeline} timeline */
const layoutOf = ({ charts }) =>
  JSON.stringify(
    charts.map((chart) => [chart.title, chart.kind === 'lanes' ? chart.lanes : chart.series.map(labelOf)]),
  );

/** @param {{ label: string }} series */
const labelOf = ({ label }) => label;

/**
 * Draws a timeline into the charts of the one before it, so that the cursor stays, if both have the same layout.
 *
 * @param {Drawn} drawn
 * @param {Timeline} next
 * @returns {boolean} False if the layouts differ: then the page needs new figures.
 */
export function redraw(drawn, next) {
  if (drawn.plots.length === 0 || layoutOf(drawn.timeline) !== layoutOf(next)) return false;
  const { charts } = drawn.timeline;
  // The options of each plot refer to these objects.
  for (const [index, chart] of charts.entries()) Object.assign(chart, next.charts[index]);
  Object.assign(drawn.timeline, next, { charts });
  for (const [index, { plot, read }] of drawn.plots.entries()) {
    plot.setData(dataOf(/** @type {Chart} */ (charts[index]), next));
    read(plot);
  }
  return true;
}

/** Draws all visible timelines again. A chart in a closed part of the page has no width. @param {Drawn[]} all */
export function drawSeen(all) {
  for (const drawn of all) if (drawn.element.clientWidth > 0) draw(drawn);
}

/** Finds the timelines and curves in a part of the page, and draws each when it becomes visible. @param {ParentNode} part @returns {Drawn[]} */
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

/** Calls back when the width or the colour scheme changes. @param {() => void} drawAnew */
export function whenLookChanges(drawAnew) {
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) drawAnew();
    width = innerWidth;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAnew);
}
