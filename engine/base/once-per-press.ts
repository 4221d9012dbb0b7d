/** How long a signal counts as the one before, in milliseconds. */
const SAME_PRESS_MS = 1_000;

/**
 * Returns a signal handler that ignores signals within a second of a handled signal. A terminal sends Ctrl-C to all
 * processes of a command, and pnpm then sends it to the command again, which looks like a second press.
 *
 * @param clock Returns milliseconds.
 */
export function oncePerPress<Args extends unknown[]>(
  handle: (...args: Args) => void,
  clock: () => number = () => performance.now(),
): (...args: Args) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...args) => {
    const at = clock();
    if (at - last < SAME_PRESS_MS) return;
    last = at;
    handle(...args);
  };
}
