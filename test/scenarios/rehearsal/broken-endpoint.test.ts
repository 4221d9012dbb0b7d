import { expect, test } from 'vitest';
import { contractOf, scenariosFor } from './contracts.ts';
import { rehearse } from './rehearse.ts';
import { startStandIn } from './stand-in.ts';

const post = (path: string) => ({ method: 'POST', path, served: [200] });
const breaker = { upstream: 'llm', endpoint: 'ask', refusal: 503, untouched: ['items', 'health'] };

/** Two endpoints that reach an upstream with a breaker, and two that don't. */
const PART = {
  endpoints: {
    ask: { ...post('/ask'), reaches: ['llm'], onFault: { 500: 502 } },
    summarize: { ...post('/summarize'), reaches: ['llm'], onFault: { 500: 502 } },
    items: { method: 'GET', path: '/items', served: [200] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  upstreams: { llm: { kind: 'openai' } },
  breakers: { llm: { ...breaker, failures: [{ kind: 'status', status: 500 }] } },
  secret: { setting: 'KEY', weak: { unset: null }, strong: { long: 'Zq8-rT2_vL5.xW9+' }, refusal: 'KEY' },
  fast: { breakers: { llm: { threshold: 3, recoverySeconds: 1, callTimeoutSeconds: 1 } } },
};

/** Runs a scenario against a service with broken endpoints. Returns how it ended, its phases, and the paths called. */
async function ran(name: string, ...broken: string[]) {
  await using standIn = await startStandIn(broken);
  const contract = await contractOf(PART, 'part');
  const [scenario] = await scenariosFor(contract, [name]);
  if (scenario === undefined) throw new Error(`${name} is skipped`);
  const exception = await rehearse(scenario, contract, standIn);
  const failing = standIn.phases.flatMap((phase) =>
    'action' in phase && phase.action === 'failing' ? [phase.endpoint] : [],
  );
  return { exception, failing, phases: standIn.phases, calls: (path: string) => count(standIn.calls, path) };
}

const count = (calls: readonly string[], path: string): number => calls.filter((called) => called === path).length;

const ENDED = 'not served before anything is broken';

test('a scenario that tries starts needs no endpoint', async () => {
  const { exception, phases, calls } = await ran('chaos/weak-secret', '/ask', '/items');
  expect(exception).toBeUndefined();
  expect(phases).toContainEqual(expect.objectContaining({ action: 'start', settings: 'unset' }));
  expect([calls('/ask'), calls('/health')]).toEqual([3, 2]);
});

test('a scenario about several endpoints leaves out those that are not served, and ends if there is no other', async () => {
  const partly = await ran('chaos/fault-answers', '/summarize', '/items');
  expect([partly.exception, partly.failing, partly.calls('/summarize'), partly.calls('/items')]).toEqual([
    undefined,
    ['ask'],
    3,
    3,
  ]);
  const all = await ran('chaos/fault-answers', '/summarize', '/ask');
  expect([all.exception, all.failing]).toEqual([expect.stringContaining(ENDED), []]);
});

test('an outage needs the endpoint of its breaker only', async () => {
  const others = await ran('chaos/llm-outage', '/summarize', '/items', '/health');
  expect(others.exception).toBeUndefined();
  expect(['/summarize', '/items', '/health'].map(others.calls)).toEqual([3, 3, 4]);
  expect((await ran('chaos/llm-outage', '/ask')).exception).toContain(`${ENDED}: "ask": 500, 500, 500`);
});

test('isolation needs the endpoint of the breaker, and any that does not reach its upstream', async () => {
  const partly = await ran('chaos/llm-isolation', '/items');
  expect([partly.exception, partly.calls('/items')]).toEqual([undefined, 3]);
  expect((await ran('chaos/llm-isolation', '/items', '/health')).exception).toContain(ENDED);
});
