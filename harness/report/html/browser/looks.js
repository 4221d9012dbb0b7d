/** How series and bands look: a color from the style sheet, a pattern and a dash. */

/** @import { Look } from '../../timeline/chart.ts' */

/** @type {Record<Look, { dash: number[], pattern: 'solid' | 'rising' | 'falling' | 'crossed' | 'level' | 'dots' }>} */
export const LOOKS = {
  good: { dash: [], pattern: 'solid' },
  limited: { dash: [8, 3], pattern: 'rising' },
  client: { dash: [2, 3], pattern: 'level' },
  bad: { dash: [6, 3, 2, 3], pattern: 'crossed' },
  none: { dash: [1, 4], pattern: 'dots' },
  first: { dash: [], pattern: 'solid' },
  second: { dash: [6, 4], pattern: 'rising' },
  third: { dash: [2, 3], pattern: 'level' },
  quiet: { dash: [], pattern: 'solid' },
};

/** Returns a color from the style sheet for the current color scheme: light, dark or print. @param {string} name */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--chart-${name}`).trim();

/**
 * Returns the fill style for a look.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @returns {string | CanvasPattern}
 */
export function filling(context, look) {
  const { pattern } = LOOKS[look];
  const base = colour(look);
  if (pattern === 'solid') return base;
  const size = 8 * devicePixelRatio;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const ink = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
  ink.fillStyle = base;
  ink.fillRect(0, 0, size, size);
  ink.strokeStyle = ink.fillStyle = colour('surface');
  ink.lineWidth = (pattern === 'crossed' ? 0.8 : 1.5) * devicePixelRatio;
  /** @param {number[]} line */
  const stroke = ([x0 = 0, y0 = 0, x1 = 0, y1 = 0]) => {
    ink.beginPath();
    ink.moveTo(x0 * size, y0 * size);
    ink.lineTo(x1 * size, y1 * size);
    ink.stroke();
  };
  const rising = [
    [-0.5, 0.5, 0.5, -0.5],
    [-0.5, 1.5, 1.5, -0.5],
    [0.5, 1.5, 1.5, 0.5],
  ];
  if (pattern === 'rising' || pattern === 'crossed') rising.forEach(stroke);
  if (pattern === 'crossed') for (const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] of rising) stroke([1 - x0, y0, 1 - x1, y1]);
  if (pattern === 'level') stroke([0, 0.5, 1, 0.5]);
  if (pattern === 'dots') {
    ink.beginPath();
    ink.arc(size / 2, size / 2, size / 4.5, 0, 7);
    ink.fill();
  }
  return context.createPattern(tile, 'repeat') ?? base;
}

/** Draws a small sample of a look for a legend. @param {Look} look @param {boolean} asLine */
export function swatch(look, asLine) {
  const canvas = document.createElement('canvas');
  canvas.className = 'swatch';
  canvas.width = 24 * devicePixelRatio;
  canvas.height = 12 * devicePixelRatio;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  if (asLine) {
    context.strokeStyle = colour(look);
    context.lineWidth = 2.5 * devicePixelRatio;
    context.setLineDash(LOOKS[look].dash.map((length) => length * devicePixelRatio));
    context.beginPath();
    context.moveTo(0, canvas.height / 2);
    context.lineTo(canvas.width, canvas.height / 2);
    context.stroke();
  } else {
    context.fillStyle = filling(context, look);
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas;
}
