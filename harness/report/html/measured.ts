import type { Table } from '../../verdict/finding.ts';
import { jsonForScript, type Markup, markup } from '../text/markup.ts';
import type { Look } from '../timeline/chart.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { chartFigure } from './timeline-figures.ts';

const LOOKS: readonly Look[] = ['first', 'second', 'third'];
/** Minimum number of points for a curve. With fewer points, it would show no more than the table. */
const ENOUGH = 3;
/** Extends the axis beyond the last point, which would otherwise be cut off. */
const MARGIN = 1.03;

/**
 * A finding's table, below the curve that the page's script draws.
 *
 * @param id The finding's ID.
 */
export function measured(table: Table, check: string, id: string): Markup {
  const { columns, rows } = table;
  const numeric = columns.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const kind = (column: number) => numeric[column] && markup` class="number"`;
  const body = rows.map(
    ([first = '', ...rest]) =>
      markup`<tr><th scope="row"${kind(0)}>${first}</th>${rest.map((value, index) => markup`<td${kind(index + 1)}>${value}</td>`)}</tr>`,
  );
  return markup`<div class="measured">
${curveFigure(table, id)}
<div class="scrolled" role="region" tabindex="0" aria-label="Measured: ${check}"><table>
<thead><tr>${columns.map((name, column) => markup`<th scope="col"${kind(column)}>${name}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>
</div>`;
}

function curveFigure({ columns, rows, curve = [] }: Table, id: string): Markup | false {
  if (curve.length === 0 || rows.length < ENOUGH) return false;
  const numbers = (name: string) => rows.map((row) => Number(row[columns.indexOf(name)]));
  const [axis = ''] = columns;
  const x = numbers(axis);
  const series = curve.map((label, index) => ({ label, look: LOOKS[index] ?? 'quiet', values: numbers(label) }));
  const title = `${curve.join(' and ')} over ${axis}`;
  const timeline: Timeline = {
    zero: 0,
    end: Math.max(...x) * MARGIN,
    axis,
    faults: [],
    marks: [],
    charts: [{ kind: 'lines', title, unit: '', x, series }],
  };
  return markup`<div class="timeline" id="${id}-curve">${timeline.charts.map(chartFigure)}
<script type="application/json">${jsonForScript(timeline)}</script></div>`;
}
