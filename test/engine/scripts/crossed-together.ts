// The threshold is crossed only by the samples of all threads together.
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';

const runs = new Counter('runs');

export const options: Options = {
  scenarios: {
    some: { executor: 'per-vu-iterations', vus: 4, iterations: 10, maxDuration: '10m', gracefulStop: '1s' },
  },
  thresholds: { runs: [{ threshold: 'count<12', abortOnFail: true }] },
};

export default function (): void {
  runs.add(1);
  sleep(__ITER < 4 ? 0.01 : 600);
}
