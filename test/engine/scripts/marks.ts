import { sleep } from 'k6';
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';

const marks = new Counter('marks');
const began = new Trend('began', true);

/**
 * Each VU starts one iteration, which lasts until it is interrupted. The number of iterations therefore does not depend
 * on how fast the machine is.
 */
const untilCut = { gracefulStop: '0s', exec: 'lasting' };

export const options = {
  scenarios: {
    shared: { executor: 'shared-iterations', vus: 4, iterations: 10 },
    each: { executor: 'per-vu-iterations', vus: 4, iterations: 3 },
    constant: { executor: 'constant-vus', vus: 4, duration: '1s', ...untilCut },
    ramping: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '2s', target: 4 },
        { duration: '500ms', target: 4 },
      ],
      ...untilCut,
    },
    rate: { executor: 'constant-arrival-rate', rate: 12, duration: '2s', preAllocatedVUs: 4 },
    rising: { executor: 'ramping-arrival-rate', stages: [{ duration: '2s', target: 20 }], preAllocatedVUs: 4 },
  },
  // These are the counts for the whole test. A single instance sees half of them.
  thresholds: { marks: ['count==75'], dropped_iterations: ['count==0'] },
};

function mark(): void {
  const tags = { vu: String(exec.vu.idInTest), iteration: String(exec.scenario.iterationInTest) };
  marks.add(1);
  began.add(Date.now() - exec.scenario.startTime, tags);
}

export default function (): void {
  mark();
}

export function lasting(): void {
  mark();
  sleep(60);
}
