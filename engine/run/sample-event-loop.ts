import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Test } from '../vu/test.ts';

/** How often to check the event loop, in milliseconds. */
const RESOLUTION = 10;

/**
 * Records `event_loop_lag` once a second and at the end of the run, if the run has this metric.
 *
 * @returns A function that stops the recording.
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
