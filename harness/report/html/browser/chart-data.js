/** Converts a chart's data to the format that uPlot expects. */

/** @import uPlot from 'uplot' */
/** @import { Chart } from '../../timeline/chart.ts' */
/** @import { Timeline } from '../../timeline/timeline.ts' */

/** A logarithmic axis can't show 0, so smaller values are drawn at this value. */
const LEAST = 0.01;

/** Returns the y values of each series as drawn. Bars are stacked. @param {Exclude<Chart, { kind: 'lanes' }>} chart */
function heights(chart) {
  const { kind, series, x } = chart;
  if (kind === 'lines') {
    const least = chart.logarithmic ? LEAST : Number.NEGATIVE_INFINITY;
    return series.map(({ values }) => values.map((value) => (value === null ? null : Math.max(value, least))));
  }
  const sums = x.map(() => 0);
  return series.map(({ values }) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return sums[index];
    }),
  );
}

/** @param {Chart} chart @param {Timeline} timeline @returns {uPlot.AlignedData} */
export function dataOf(chart, timeline) {
  if (chart.kind === 'lanes') return [[0, timeline.end]];
  const ys = heights(chart);
  // Draw the tallest bar of each stack first, and the lower ones on top of it.
  return /** @type {uPlot.AlignedData} */ ([chart.x, ...(chart.kind === 'bars' ? ys.toReversed() : ys)]);
}
