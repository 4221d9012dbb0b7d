/** Values of a timeline, read by key. */

/** The arrow keys move a cursor through all charts of a timeline, and its output says what is there. @param {Drawn} drawn */
function readByKey(drawn) {
  let time = 0;
  const output = drawn.element.querySelector('output');
  /** @param {string} text */
  const say = (text) => {
    if (output) output.textContent = text;
  };
  drawn.element.addEventListener('pointermove', () => say(''));
  drawn.element.addEventListener('keydown', (event) => {
    const { key, shiftKey, target } = event;
    const { zero, end } = drawn.timeline;
    const step = (end / 100) * (shiftKey ? 10 : 1);
    const moved = { ArrowLeft: time - step, ArrowRight: time + step, Home: 0, End: end }[key];
    if (moved === undefined || target !== drawn.element) return;
    event.preventDefault();
    time = Math.min(Math.max(moved, 0), end);
    const said = drawn.plots.map(({ plot, read }) => {
      plot.setCursor({ left: plot.valToPos(time, 'x'), top: 10 }, false);
      return read(plot);
    });
    say([`${(time - zero).toFixed(2)} s`, ...said.filter(Boolean)].join('; '));
  });
}
