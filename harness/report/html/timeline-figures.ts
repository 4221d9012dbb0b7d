import { jsonForScript, type Markup, markup } from '../text/markup.ts';
import type { Chart } from '../timeline/chart.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { anchor } from './anchor.ts';

/**
 * Renders figures for a timeline's charts, each with a description in words, and the data that the page's script uses
 * to draw them.
 */
export function timelineFigures(timeline: Timeline, scenario: string, isOpen: boolean): Markup {
  if (timeline.charts.length === 0) return markup`<p class="note">No events with a time were recorded.</p>`;
  const id = anchor(`timeline ${scenario}`);
  return markup`<details class="more"${isOpen && markup` open`}><summary>Timeline</summary>
<div class="timeline" id="${id}" role="group" tabindex="0" aria-label="Timeline of ${scenario}. The arrow keys read values.">
<p class="hint">${signs(timeline)} <span class="how">Point at a chart, or focus it and press ← →, to read values.</span></p>
<output></output>
${timeline.charts.map(chartFigure)}
<noscript><p class="note">The charts need JavaScript. Their numbers are in history.ndjson in the run folder.</p></noscript>
<script type="application/json">${jsonForScript(timeline)}</script>
</div></details>`;
}

/** Explains the symbols that are used in this timeline. */
const signs = ({ faults, marks }: Timeline): string =>
  [
    'Seconds since the start.',
    ...(faults.length > 0 ? ['Shaded: a fault is set.'] : []),
    ...(marks.length > 0 ? ['A breaker ▲ opened, ◆ half-opened, ● closed.'] : []),
  ].join(' ');

/** An empty figure for a chart. */
export const chartFigure = (chart: Chart): Markup =>
  markup`<figure><figcaption>${chart.title}</figcaption><ul class="legend"></ul>
<div class="plot" role="img" aria-label="${describeChart(chart)}"></div></figure>`;

/** Describes a chart in words: its totals, extremes or bands. */
export function describeChart(chart: Chart): string {
  if (chart.kind === 'lanes') {
    const lanes = chart.lanes.map((lane) => {
      const bands = chart.bands.filter((band) => band.lane === lane);
      return `${lane}: ${bands.map(({ label, from, to }) => `${label} from ${from} to ${to} s`).join(', ')}`;
    });
    return `${chart.title}. ${lanes.join('. ')}`;
  }
  const series = chart.series.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (chart.kind === 'bars') return `${label}: ${known.reduce((sum, value) => sum + value, 0)} in all`;
    return `${label}: ${Math.min(...known)} to ${Math.max(...known)} ${chart.unit}`.trimEnd();
  });
  return `${chart.title}. ${series.join('. ')}`;
}
