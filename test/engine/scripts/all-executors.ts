// Runs every executor at the same time. The counts don't depend on the number of threads.
import { check, group, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';

const runs = new Counter('runs');
const level = new Gauge('level');
const even = new Rate('even');
const sizes = new Trend('sizes');
const random = new SharedArray('random', () => [Math.random()]);

const rates = { timeUnit: '1s', preAllocatedVUs: 6, maxVUs: 6 };
export const options: Options = {
  summaryTrendStats: ['count', 'min'],
  systemTags: ['scenario', 'check', 'group', 'vu', 'iter'],
  scenarios: {
    each: { executor: 'per-vu-iterations', vus: 5, iterations: 4 },
    shared: { executor: 'shared-iterations', vus: 4, iterations: 18 },
    constant: { executor: 'constant-arrival-rate', ...rates, rate: 13, duration: '1s' },
    ramping: { executor: 'ramping-arrival-rate', ...rates, startRate: 3, stages: [{ duration: '1s', target: 20 }] },
  },
  thresholds: { runs: ['count==63'], 'runs{scenario:each}': ['count==20'], checks: ['rate==1'] },
};

export function setup(): { from: string } {
  console.log('setup');
  return { from: 'setup' };
}

export default function (data: { from: string }): void {
  const { iterationInTest, name } = exec.scenario;
  group('outer', () => check(data, { 'has what setup gave': ({ from }) => from === 'setup' }));
  runs.add(1);
  level.add(iterationInTest);
  even.add(iterationInTest % 2 === 0);
  sizes.add(iterationInTest);
  if (name === 'each')
    console.log('vu', exec.vu.idInTest, exec.vu.idInInstance, exec.vu.iterationInScenario, random[0]);
  else console.log('iteration', name, iterationInTest);
  sleep(0.02);
}

export function teardown(): void {
  console.log('teardown');
}

export function handleSummary(data: object): Record<string, string> {
  return { stdout: JSON.stringify(data) };
}
