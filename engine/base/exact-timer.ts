/**
 * Calls back after at least so many milliseconds. Node's own timers count in whole milliseconds, and so may be early
 * by a part of one; what is left of it is waited out between two turns of the event loop.
 *
 * @returns Cancels it.
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
