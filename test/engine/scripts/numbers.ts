import exec from 'k6/execution';
import { Counter } from 'k6/metrics';

const ran = new Counter('ran');

export const options = {
  scenarios: { shared: { executor: 'shared-iterations', vus: 3, iterations: 10 } },
  thresholds: { ran: ['count>1000'] },
};

export function setup() {
  console.log('setup runs');
}

export default function () {
  ran.add(1);
  console.log(
    `${exec.vu.idInTest} ${exec.vu.idInInstance} ${exec.scenario.iterationInTest} ${exec.scenario.iterationInInstance}`,
  );
}

export function teardown() {
  console.log('teardown runs');
}
