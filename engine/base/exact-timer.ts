/**
 * Calls back after at least `ms` milliseconds. Node's timers have millisecond resolution and may fire slightly early,
 * so the remaining time is spent polling with `setImmediate`.
 *
 * @returns A function that cancels the timer.
 */
export function startTimer(ms: number, callback: () => void): () => void {
  const due = performance.now() + ms;
  let immediate: NodeJS.Immediate | undefined;
  const check = () => {
    if (performance.now() >= due) callback();
    else immediate = setImmediate(check);
  };
  const timer = setTimeout(check, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
