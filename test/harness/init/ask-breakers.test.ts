import { expect, test } from 'vitest';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { interview } from './interview.ts';

const BARE = { databaseSetting: 'none', limit: 'none' };

test('a breaker that opens after consecutive failures needs few answers', async () => {
  const { contract, questions } = await interview({
    ...BARE,
    'llm.opens': '3',
    'llm.recovery': '1.5',
    'llm.refusal': '502',
  });
  expect(contract.profiles.fast?.breakers).toEqual({ llm: { threshold: 3, recoverySeconds: 1.5 } });
  expect(contract.breakers.llm).toMatchObject({
    upstream: 'llm',
    endpoint: 'main',
    refusal: 502,
    trials: 1,
    failures: [{ kind: 'status', status: 500 }],
  });
  expect(questions.filter((name) => name.startsWith('llm.'))).toEqual([
    'llm.setting',
    'llm.key',
    'llm.attempts',
    'llm.opens',
    'llm.recovery',
    'llm.recoverySetting',
    'llm.timeout',
    'llm.refusal',
    'llm.trials',
  ]);
});

test.each([
  [
    { 'llm.window': '10 seconds', 'llm.minimum': '20', 'llm.boundary': 'above' },
    { rate: 0.5, window: { seconds: 10 }, minimum: 20, boundary: 'above' },
  ],
  [{ 'llm.window': '100 calls' }, { rate: 0.5, window: { calls: 100 }, minimum: 100, boundary: 'at' }],
])('a breaker that opens by rate: %j', async (own, opens) => {
  const { contract } = await interview({ ...BARE, 'llm.opens': '50%', ...own });
  expect(contract.profiles.fast?.breakers.llm).toEqual({ opens, recoverySeconds: 60 });
  expect(await loadScenario('chaos/llm-outage', contract, 'fast')).not.toHaveProperty('skipped');
});

test('a promised timeout of calls is judged', async () => {
  const { contract } = await interview({ ...BARE, 'llm.timeout': '2.5' });
  expect(contract.profiles.fast?.breakers.llm).toMatchObject({ callTimeoutSeconds: 2.5 });
  expect(await loadScenario('chaos/slow-upstream', contract, 'fast')).not.toHaveProperty('skipped');
});

test.each([
  [{ 'llm.trials': '3' }, { trials: 3, trialsToClose: 3 }],
  [
    { 'llm.trials': '3', 'llm.toClose': '2' },
    { trials: 3, trialsToClose: 2 },
  ],
  [{ 'llm.trials': 'any' }, { trials: 'any', trialsToClose: 1 }],
])('a breaker with several trials: %j', async (own, trials) => {
  const { contract } = await interview({ ...BARE, ...own });
  expect(contract.breakers.llm).toMatchObject(trials);
});

test.each([
  [{ 'llm.opens': '1' }, /a number of failures from 2 on, or a rate/],
  [{ 'llm.opens': '120%' }, /a number of failures from 2 on, or a rate/],
  [{ 'llm.opens': '50%', 'llm.window': '2 calls' }, /a single failure in a full window would open it/],
  [{ 'llm.opens': '50%', 'llm.window': '10 calls', 'llm.minimum': '11' }, /is more than the calls of the window/],
  [{ 'llm.trials': '3', 'llm.toClose': '4' }, /at most 3/],
  [{ 'llm.trials': 'some' }, /a number up to 100, or any/],
])('answers that contradict each other are refused: %j', async (own, message) => {
  await expect(interview({ ...BARE, ...own })).rejects.toThrow(message);
});

const TWO = { ...BARE, upstreams: 'llm=groq cache=mem0' };

test('the breaker of a second upstream is seen through an endpoint that calls it first', async () => {
  const own = { ...TWO, 'cache.endpoint': 'PUT /cache', 'cache.body': '{"key": "${unique}"}', 'cache.served': '204' };
  const { contract } = await interview(own);
  expect(contract.endpoints.main?.reaches).toEqual(['llm', 'cache']);
  expect(contract.endpoints['call-cache']).toMatchObject({ path: '/cache', served: [204], reaches: ['cache'] });
  expect(contract.breakers.cache).toMatchObject({ endpoint: 'call-cache' });
  for (const name of ['chaos/llm-outage', 'chaos/cache-outage']) {
    expect(await loadScenario(name, contract, 'fast')).not.toHaveProperty('skipped');
  }
});

test('a breaker whose state no endpoint shows is left out', async () => {
  const { contract } = await interview(TWO);
  expect(Object.keys(contract.breakers)).toEqual(['llm']);
});

test('a breaker in front of a TCP upstream needs to know what a call is', async () => {
  const { contract } = await interview({ ...BARE, upstreams: 'cache=127.0.0.1:6379' });
  expect(contract.upstreams.cache).toEqual({ tcp: '127.0.0.1:6379', calls: 'redis' });
  expect(contract.breakers.cache?.failures).toEqual([{ kind: 'reset' }]);
  expect(await loadScenario('chaos/cache-outage', contract, 'fast')).not.toHaveProperty('skipped');
  const { questions } = await interview({ ...BARE, upstreams: 'cache=127.0.0.1:6379', 'cache.calls': 'none' });
  expect(questions).not.toContain('cache.opens');
});

test('an upstream that the tested endpoint does not call has an endpoint of its own, or no breaker', async () => {
  const { contract } = await interview({ ...TWO, reaches: 'cache', 'llm.endpoint': 'GET /models' });
  expect(contract.endpoints.main?.reaches).toEqual(['cache']);
  expect(contract.breakers).toMatchObject({ llm: { endpoint: 'call-llm' }, cache: { endpoint: 'main' } });
  const { questions } = await interview({ ...TWO, reaches: 'llm' });
  expect(questions).not.toContain('cache.opens');
});
