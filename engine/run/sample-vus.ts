import type { Test } from '../vu/test.ts';

/**
 * Records `vus` and `vus_max` once a second, as k6 does.
 *
 * @returns A function that stops the recording.
 */
export function sampleVus(test: Test): () => void {
  const { collector, counts, metrics, options } = test;
  const timer = setInterval(() => {
    collector.add(metrics.vus, counts.get('vusActive'), options.tags);
    collector.add(metrics.vusMax, counts.get('vusInitialized'), options.tags);
  }, 1_000);
  return () => clearInterval(timer);
}
