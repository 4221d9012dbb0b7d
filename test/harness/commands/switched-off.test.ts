import { expect, test } from 'vitest';
import { switchedOff } from '../../../harness/commands/switched-off.ts';
import { contractFile } from '../../support/command-line.ts';
import { IN_A_TEST } from '../../support/in-a-test.ts';

const STATUS = { kind: 'status', status: 500 };
/** A breaker of rates can't be judged by counting attempts. */
const OPENS = { rate: 0.5, window: { calls: 10 }, minimum: 5 };

const CONTRACT = {
  name: 'shop',
  start: { command: ['node', 'shop.mjs'], readyPath: '/health', readySeconds: 10 },
  upstreams: { llm: { kind: 'openai' } },
  environment: { LLM_URL: '${upstream.llm}' },
  endpoints: { ask: { method: 'GET', path: '/ask', served: [200], reaches: ['llm'] } },
  breakers: { llm: { upstream: 'llm', endpoint: 'ask', refusal: 503, failures: [STATUS] } },
  profiles: { fast: { breakers: { llm: { opens: OPENS, recoverySeconds: 3 } } } },
};

const SCENARIOS = [
  { scenario: 'chaos/llm-outage' },
  { scenario: 'chaos/retry-amplification' },
  { scenario: 'chaos/llm-isolation', skipped: 'the contract describes no breakers.llm.untouched' },
];

test.each([
  ['all of its failures are repeated', [], ['chaos/llm-outage']],
  ['one is not', [{ path: ['breakers', 'llm', 'failures'], value: [STATUS, { kind: 'malformed-json' }] }], []],
  ['a change is not valid', [{ path: ['breakers', 'llm', 'failures'], value: [] }], ['chaos/llm-outage']],
])('changes that make calls repeated switch off the scenarios of a breaker if %s', async (_, more, off) => {
  const flags = { ...IN_A_TEST, results: 'results', contract: await contractFile(CONTRACT) };
  const calls = { path: ['upstreams', 'llm', 'calls'], value: { attempts: 3, on: ['5xx'], never: ['body'] } };
  const found = await switchedOff(flags, SCENARIOS, [calls, ...more]);
  expect(found.map(({ scenario }) => scenario)).toEqual(off);
  for (const { skipped } of found) expect(skipped).toContain('a failure that is never repeated');
  expect(await switchedOff(flags, SCENARIOS, [])).toEqual([]);
});
