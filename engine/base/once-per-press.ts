/**
 * Returns a signal handler that ignores signals soon after a handled signal. A terminal sends Ctrl-C to all
 * processes of a command, and pnpm then sends it to the command again, which looks like a second press.
 *
 * @param within How long a signal counts as the one before, in milliseconds.
 * @param clock Returns milliseconds.
 */
export function oncePerPress<Args extends unknown[]>(
  handle: (...args: Args) => void,
  within = 1_000,
  clock: () => number = () => performance.now(),
): (...args: Args) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...args) => {
    const at = clock();
    if (at - last < within) return;
    last = at;
    handle(...args);
  };
}
