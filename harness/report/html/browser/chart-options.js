/** Configures how uPlot lays out and draws a chart. */

/** @import { Chart } from '../../timeline/chart.ts' */
/** @import { Timeline } from '../../timeline/timeline.ts' */

import uPlot from 'uplot';
import { colour, filling, LOOKS } from './looks.js';
import { drawLanes, drawLimit, LANE, markTransitions, shadeFaults } from './overlay.js';

const HEIGHT = 132;
const AXIS = { left: 46, bottom: 26 };

/** @param {Chart} chart */
const heightOf = (chart) =>
  chart.kind === 'lanes' ? chart.lanes.length * LANE.height + AXIS.bottom + 14 : HEIGHT + AXIS.bottom;

/** @param {Chart} chart @returns {uPlot.Scale} */
function scaleY(chart) {
  if (chart.kind === 'lanes') return { range: [0, 1] };
  if (chart.kind === 'lines' && chart.logarithmic) {
    return {
      distr: 3,
      range: (_, low, high) => [
        10 ** Math.floor(Math.log10(low || 1)),
        10 ** Math.ceil(Math.log10((high || 1) * 1.01)),
      ],
    };
  }
  const limit = chart.kind === 'lines' ? (chart.limit?.value ?? 0) : 0;
  return { range: (_, __, high) => [0, Math.max(high ?? 0, limit, 1) * 1.2] };
}

/** @param {Chart} chart @param {uPlot.Series[]} series @param {Timeline} timeline @param {string} id @param {number} width @returns {uPlot.Options} */
export function options(chart, series, timeline, id, width) {
  const line = { stroke: () => colour('grid'), width: 1 };
  const text = { stroke: () => colour('muted'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  const logarithmic = chart.kind === 'lines' && chart.logarithmic;
  return {
    width,
    height: heightOf(chart),
    padding: [12, 16, 0, 0],
    series: [{}, ...series],
    legend: { show: false },
    cursor: { sync: { key: id }, y: false, drag: { x: false, y: false }, points: { show: chart.kind === 'lines' } },
    scales: { x: { time: false, range: [0, timeline.end] }, y: scaleY(chart) },
    axes: [
      {
        ...text,
        grid: line,
        size: AXIS.bottom,
        values: (_, all) => all.map((value) => (timeline.axis ? String(value) : `${value - timeline.zero} s`)),
        space: 60,
      },
      {
        ...text,
        size: AXIS.left,
        grid: { ...line, show: chart.kind !== 'lanes', ...(logarithmic && { filter: decades }) },
        space: 28,
        values: (_, all) => all.map((value) => (chart.kind === 'lanes' || value === null ? '' : label(value))),
        ...(logarithmic
          ? { filter: decades }
          : { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] }),
      },
    ],
    hooks: {
      drawClear: [(plot) => shadeFaults(plot, timeline)],
      draw: [
        (plot) => {
          if (chart.kind === 'lanes') drawLanes(plot, chart);
          if (chart.kind === 'lines' && chart.limit) drawLimit(plot, chart.limit);
          markTransitions(plot, timeline);
        },
      ],
    },
  };

  /** @param {number} value */
  function label(value) {
    if (!logarithmic) return String(value);
    return value >= 1_000 ? `${value / 1_000} s` : `${value} ms`;
  }
}

/** Labels only powers of ten. @type {uPlot.Axis.Filter} */
const decades = (_, all) => all.map((value) => (Math.abs(Math.log10(value) % 1) < 1e-9 ? value : null));

/** @param {Chart} chart @returns {uPlot.Series[]} */
export function seriesOf(chart) {
  if (chart.kind === 'lanes') return [];
  const path =
    chart.kind === 'bars'
      ? uPlot.paths.bars?.({ size: [1, Number.POSITIVE_INFINITY], align: 0, gap: 1 })
      : chart.stepped
        ? uPlot.paths.stepped?.({ align: 1 })
        : uPlot.paths.linear?.();
  return chart.series.map(({ look }) => ({
    ...(path && { paths: path }),
    ...(chart.kind === 'bars'
      ? { fill: (plot) => /** @type {string} */ (filling(plot.ctx, look)), width: 0, points: { show: false } }
      : {
          stroke: () => colour(look),
          width: 2,
          dash: LOOKS[look].dash,
          points: { show: !chart.stepped, size: 5, fill: () => colour(look) },
        }),
  }));
}
