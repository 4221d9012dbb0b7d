/** A timer that is this late was delayed by a busy event loop or by a stopped process, in milliseconds. */
const LAG_MS = 50;
/** Long enough to read what has arrived, and for a few round trips. */
const SECOND_LOOK_MS = 250;

/**
 * Calls `expire` after `ms` milliseconds. Timers fire before sockets are read: if the event loop was busy or the process
 * was stopped when the time ended, an answer may be waiting unread. Therefore `expire` is only called after the sockets
 * were read once more, and 250 ms later if the timer was late.
 * @returns A function that cancels the limit.
 */
export function startTimeLimit(ms: number, expire: () => void): () => void {
  const endsAt = performance.now() + ms;
  let immediate: NodeJS.Immediate | undefined;
  const lookOnceMore = () => {
    immediate = setImmediate(expire);
  };
  let timer = setTimeout(() => {
    if (performance.now() - endsAt < LAG_MS) lookOnceMore();
    else timer = setTimeout(lookOnceMore, SECOND_LOOK_MS);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
