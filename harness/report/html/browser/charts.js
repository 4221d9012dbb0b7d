/** Draws the charts of every timeline with uPlot, again whenever light, dark, print or the width changes. */

/** @typedef {{ element: HTMLElement, timeline: Timeline, id: string, plots: { plot: uPlot, read: (plot: uPlot) => string }[] }} Drawn */

const HEIGHT = 132;
const AXIS = { left: 46, bottom: 26 };
/** What is less has no place on a logarithmic axis, and is drawn here. */
const LEAST = 0.01;

/** @param {number} value */
const shown = (value) => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

/** @param {Chart} chart */
const heightOf = (chart) =>
  chart.kind === 'lanes' ? chart.lanes.length * LANE.height + AXIS.bottom + 14 : HEIGHT + AXIS.bottom;

/** The y values of each series as they are drawn: bars stand on those before them. @param {Exclude<Chart, { kind: 'lanes' }>} chart */
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
function options(chart, series, timeline, id, width) {
  const line = { stroke: () => colour('grid'), width: 1 };
  const text = { stroke: () => colour('muted'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  const logarithmic = chart.kind === 'lines' && chart.logarithmic;
  return {
    ...{ width, height: heightOf(chart), padding: [12, 16, 0, 0], series: [{}, ...series] },
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
        ...{
          ...text,
          size: AXIS.left,
          grid: { ...line, show: chart.kind !== 'lanes', ...(logarithmic && { filter: decades }) },
          space: 28,
        },
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

/** Powers of ten, and nothing between them. @type {uPlot.Axis.Filter} */
const decades = (_, all) => all.map((value) => (Math.abs(Math.log10(value) % 1) < 1e-9 ? value : null));

/** @param {Chart} chart @returns {uPlot.Series[]} */
function seriesOf(chart) {
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
          ...{ stroke: () => colour(look), width: 2, dash: LOOKS[look].dash },
          points: { show: !chart.stepped, size: 5, fill: () => colour(look) },
        }),
  }));
}

/** What a chart says at the cursor, for its legend and for screen readers. @param {Chart} chart @param {HTMLElement} legend */
function reader(chart, legend) {
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

/** @param {Chart} chart @param {HTMLElement} legend */
function fillLegend(chart, legend) {
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

/** @param {Drawn} drawn */
function draw(drawn) {
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

/** @param {Chart} chart @param {Timeline} timeline @returns {uPlot.AlignedData} */
function dataOf(chart, timeline) {
  if (chart.kind === 'lanes') return [[0, timeline.end]];
  const ys = heights(chart);
  // The tallest of a stack is drawn first, and those below it over that.
  return /** @type {uPlot.AlignedData} */ ([chart.x, ...(chart.kind === 'bars' ? ys.toReversed() : ys)]);
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
function redraw(drawn, next) {
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
function drawSeen(all) {
  for (const drawn of all) if (drawn.element.clientWidth > 0) draw(drawn);
}

/** Finds the timelines and curves of a part of the page, and draws each once it is seen. @param {ParentNode} part @returns {Drawn[]} */
function drawIn(part) {
  const all = [...part.querySelectorAll('.timeline')].map((element) => ({
    element: /** @type {HTMLElement} */ (element),
    timeline: JSON.parse(element.querySelector('script')?.textContent ?? '{}'),
    id: element.id,
    plots: [],
  }));
  for (const drawn of all) {
    drawn.element.closest('details')?.addEventListener('toggle', () => {
      if (drawn.plots.length === 0 && drawn.element.clientWidth > 0) draw(drawn);
    });
  }
  drawSeen(all);
  return all;
}

/** Calls back where everything has to be drawn anew: in another width, or in other colours. @param {() => void} drawAnew */
function whenLookChanges(drawAnew) {
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) drawAnew();
    width = innerWidth;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAnew);
}
