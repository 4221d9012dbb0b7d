import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Test } from '../vu/test.ts';

/** Milliseconds between checks of the event loop. */
const RESOLUTION = 10;

/**
 * Records `event_loop_lag` once a second and at the end, if the run has that metric.
 *
 * @returns A function that stops it.
 */
export function sampleEventLoop(test: Test): () => void {
  const metric = test.strictMetrics?.eventLoopLag;
  if (!metric) return () => {};
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  const sample = () => {
    if (delays.count > 0) test.collector.add(metric, Math.max(0, delays.max / 1e6 - RESOLUTION), test.options.tags);
    delays.reset();
  };
  const timer = setInterval(sample, 1_000);
  return () => {
    clearInterval(timer);
    delays.disable();
    sample();
  };
}
