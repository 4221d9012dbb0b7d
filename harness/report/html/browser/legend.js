/** A chart's legend, which also shows the values at the cursor. */

/** @import uPlot from 'uplot' */
/** @import { Chart } from '../../timeline/chart.ts' */

import { swatch } from './looks.js';

/** @param {number} value */
const shown = (value) => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

/** @param {Chart} chart @param {HTMLElement} legend */
export function fillLegend(chart, legend) {
  const entries = chart.kind === 'lanes' ? chart.lanes.map((label) => ({ label, look: undefined })) : chart.series;
  legend.replaceChildren(
    ...entries.map(({ label, look }) => {
      const item = document.createElement('li');
      if (look) item.append(swatch(look, chart.kind === 'lines'), ' ');
      item.append(label, ' ', document.createElement('b'));
      return item;
    }),
  );
}

/** Returns a function that updates a chart's legend with the values at the cursor, and returns them as text. @param {Chart} chart @param {HTMLElement} legend */
export function reader(chart, legend) {
  const values = [...legend.querySelectorAll('b')];
  /** @param {uPlot} plot */
  return (plot) => {
    const { left = -1, idx } = plot.cursor;
    const texts =
      chart.kind === 'lanes'
        ? chart.lanes.map((lane) => bandsAt(chart, lane, left < 0 ? -1 : plot.posToVal(left, 'x')))
        : chart.series.map(({ values: all }) => text(left < 0 || idx == null ? undefined : all[idx]));
    texts.forEach((said, index) => {
      const value = values[index];
      if (value) value.textContent = said;
    });
    const names = chart.kind === 'lanes' ? chart.lanes : chart.series.map(({ label }) => label);
    return names.flatMap((name, index) => (texts[index] ? [`${name} ${texts[index]}`] : [])).join(', ');
  };

  /** @param {number | null | undefined} value */
  function text(value) {
    if (value === undefined || value === null) return '';
    return `${shown(value)}${chart.kind === 'lines' && chart.unit ? ` ${chart.unit}` : ''}`;
  }
}

/** @param {Extract<Chart, { kind: 'lanes' }>} chart @param {string} lane @param {number} time */
const bandsAt = ({ bands }, lane, time) =>
  bands
    .filter((band) => band.lane === lane && band.from <= time && time <= band.to)
    .map(({ label }) => label)
    .join('; ');
