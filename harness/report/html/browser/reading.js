/** Shows a timeline's values at the pointer or keyboard cursor. */

/** @import { Drawn } from './charts.js' */

/**
 * Moves a cursor through all charts of a timeline with the arrow keys, and shows the values in the timeline's output.
 * When the pointer is used, the legends show the values, and the output shows only the time.
 *
 * @param {Drawn} drawn
 */
export function readValues(drawn) {
  /** @type {number | undefined} */
  let time;
  const output = drawn.element.querySelector('output');
  /** @param {string} text */
  const say = (text) => {
    if (output) output.textContent = text;
  };
  /** @param {number} at */
  const place = (at) => {
    const { axis, zero } = drawn.timeline;
    return axis ? `${axis} ${at.toFixed(0)}` : `${(at - zero).toFixed(2)} s`;
  };
  // The charts have moved their cursors before mouse events reach the timeline.
  drawn.element.addEventListener('mousemove', () => {
    const pointed = drawn.plots.find(({ plot }) => (plot.cursor.left ?? -1) >= 0)?.plot;
    say(pointed ? place(pointed.posToVal(pointed.cursor.left ?? 0, 'x')) : '');
  });
  drawn.element.addEventListener('mouseleave', () => say(''));
  drawn.element.addEventListener('keydown', (event) => {
    const { key, shiftKey, target } = event;
    const { zero, end } = drawn.timeline;
    const step = (end / 100) * (shiftKey ? 10 : 1);
    const from = time ?? zero;
    if (key === 'Escape' && target === drawn.element) {
      for (const { plot, read } of drawn.plots) {
        plot.setCursor({ left: -10, top: -10 }, false);
        read(plot);
      }
      say('');
    }
    const moved = { ArrowLeft: from - step, ArrowRight: from + step, Home: 0, End: end }[key];
    if (moved === undefined || target !== drawn.element) return;
    event.preventDefault();
    const to = Math.min(Math.max(moved, 0), end);
    const said = drawn.plots.map(({ plot, read }) => {
      plot.setCursor({ left: plot.valToPos(to, 'x'), top: 10 }, false);
      return read(plot);
    });
    time = to;
    say([place(to), ...said.filter(Boolean)].join('; '));
  });
}
