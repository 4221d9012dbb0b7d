import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Test } from '../vu/test.ts';

/** How often the event loop is asked whether it is on time: milliseconds. */
const RESOLUTION = 10;

/**
 * Feeds `event_loop_lag` once a second, and at the end, where the run has that metric.
 *
 * @returns Stops.
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
