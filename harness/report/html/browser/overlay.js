/** Draws overlays on a timeline's charts: fault windows, transitions, limits, and bands in lanes. */

/** @import uPlot from 'uplot' */
/** @import { Band, Chart } from '../../timeline/chart.ts' */
/** @import { Timeline } from '../../timeline/timeline.ts' */

import { colour, filling } from './looks.js';

/** Heights in CSS pixels: a lane, its name, and the band below the name. */
export const LANE = { height: 40, name: 15, band: 20 };

/** Corners of the transition markers, in units of their size. @type {Record<'open' | 'half-open', [number, number][]>} */
const SIGNS = {
  open: [
    [0, -1],
    [1, 0.8],
    [-1, 0.8],
  ],
  'half-open': [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ],
};

/** Shades the periods in which an upstream had a fault. @param {uPlot} plot @param {Timeline} timeline */
export function shadeFaults({ ctx, bbox, valToPos }, { faults }) {
  ctx.save();
  ctx.fillStyle = colour('fault');
  let shaded = 0;
  for (const { from, to } of faults.toSorted((a, b) => a.from - b.from)) {
    // Overlapping periods must not get darker.
    const left = Math.max(valToPos(from, 'x', true), shaded);
    const right = Math.max(valToPos(to, 'x', true), valToPos(from, 'x', true) + devicePixelRatio);
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
    shaded = Math.max(shaded, right);
  }
  ctx.restore();
}

/** Draws a line for each breaker transition, with a marker at the top: ▲ open, ◆ half-open, ● closed. @param {uPlot} plot @param {Timeline} timeline */
export function markTransitions({ ctx, bbox, valToPos }, { marks }) {
  const unit = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = unit;
  for (const { at, to } of marks) {
    const x = valToPos(at, 'x', true);
    ctx.strokeStyle = ctx.fillStyle = colour('ink');
    ctx.setLineDash([2 * unit, 3 * unit]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    const [y, r] = [bbox.top - 4 * unit, 4.5 * unit];
    if (to === 'closed') ctx.arc(x, y, r * 0.8, 0, 7);
    else for (const [dx, dy] of SIGNS[to]) ctx.lineTo(x + dx * r, y + dy * r);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}

/** Draws a limit as a dashed line with its name. @param {uPlot} plot @param {{ label: string, value: number }} limit */
export function drawLimit({ ctx, bbox, valToPos }, { label, value }) {
  const unit = devicePixelRatio;
  const y = valToPos(value, 'y', true);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour('bad');
  ctx.lineWidth = 1.5 * unit;
  ctx.setLineDash([10 * unit, 4 * unit]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `600 ${11 * unit}px system-ui, sans-serif`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  ctx.fillText(`${label} ${value}`, bbox.left + bbox.width - 4 * unit, y - 3 * unit);
  ctx.restore();
}

/** Draws the bands of a lane chart. Each band shows as much of its name as fits. @param {uPlot} plot @param {Extract<Chart, { kind: 'lanes' }>} chart */
export function drawLanes({ ctx, bbox, valToPos }, { lanes, bands }) {
  const unit = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  lanes.forEach((lane, index) => {
    const top = bbox.top + index * LANE.height * unit;
    ctx.fillStyle = colour('ink');
    ctx.font = `600 ${11 * unit}px system-ui, sans-serif`;
    ctx.fillText(lane, bbox.left + 2 * unit, top + (LANE.name / 2 + 1) * unit);
    for (const band of bands.filter((drawn) => drawn.lane === lane)) drawBand(band, top + LANE.name * unit);
  });
  ctx.restore();

  /** @param {Band} band @param {number} top */
  function drawBand({ from, to, label, look }, top) {
    const left = valToPos(from, 'x', true);
    const width = Math.max(valToPos(to, 'x', true) - left, 2 * unit);
    const height = LANE.band * unit;
    ctx.fillStyle = filling(ctx, look);
    ctx.fillRect(left, top, width, height);
    ctx.strokeStyle = colour('surface');
    ctx.lineWidth = unit;
    ctx.strokeRect(left, top, width, height);
    ctx.font = `600 ${11 * unit}px system-ui, sans-serif`;
    const text = fit(label, width - 10 * unit);
    if (text === '') return;
    // Text is unreadable on a pattern, so give it a plain background.
    if (look !== 'quiet') {
      ctx.fillStyle = colour('surface');
      ctx.fillRect(left + 3 * unit, top + 3 * unit, ctx.measureText(text).width + 6 * unit, height - 6 * unit);
    }
    ctx.fillStyle = colour('ink');
    ctx.fillText(text, left + 5 * unit, top + height / 2 + unit / 2);
  }

  /** Truncates text to the given width. Returns an empty string if fewer than 3 characters fit. @param {string} text @param {number} width */
  function fit(text, width) {
    if (ctx.measureText(text).width <= width) return text;
    for (let length = text.length - 1; length >= 3; length -= 1) {
      const cut = `${text.slice(0, length)}…`;
      if (ctx.measureText(cut).width <= width) return cut;
    }
    return '';
  }
}
