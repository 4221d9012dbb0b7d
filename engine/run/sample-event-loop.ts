import type { Test } from '../vu/test.ts';

/** How often to check the event loop, and how often to record the longest delay, in milliseconds. */
const [CHECKED, RECORDED] = [10, 1_000];

/**
 * Records `event_loop_lag` once a second and at the end of the run, if the run has this metric. What still blocks the
 * event loop when it is recorded counts as well.
 *
 * @returns A function that stops the recording.
 */
export function sampleEventLoop(test: Test): () => void {
  const metric = test.strictMetrics?.eventLoopLag;
  if (!metric) return () => {};
  let [checked, recorded, longest] = [performance.now(), performance.now(), 0];
  const check = () => {
    const now = performance.now();
    longest = Math.max(longest, now - checked - CHECKED);
    checked = now;
  };
  const record = () => {
    test.collector.add(metric, longest, test.options.tags);
    [recorded, longest] = [checked, 0];
  };
  const timer = setInterval(() => {
    check();
    if (checked - recorded >= RECORDED) record();
  }, CHECKED);
  return () => {
    clearInterval(timer);
    check();
    record();
  };
}
