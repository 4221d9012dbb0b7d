import type { Test } from '../vu/test.ts';

const INTERVAL = 1_000;

/** k6 starts its clock before it creates the VUs, so that it samples this many milliseconds before a full second. */
const LEAD = 4;

/**
 * Records `vus` and `vus_max` once a second from the test's start until its end, or until it is aborted, as k6 does.
 *
 * @returns A function that stops the recording.
 */
export function sampleVus({ collector, counts, metrics, options, startedAt, state }: Test): () => void {
  let due = startedAt - LEAD;
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    // An interval would drift by up to a millisecond each time.
    due += INTERVAL;
    timer = setTimeout(record, Math.max(0, due - performance.now()));
  };
  const record = () => {
    if (state.signal.aborted) return;
    collector.add(metrics.vus, counts.get('vusActive'), options.tags);
    collector.add(metrics.vusMax, counts.get('vusInitialized'), options.tags);
    wait();
  };
  wait();
  return () => clearTimeout(timer);
}
