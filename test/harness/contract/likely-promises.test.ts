import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { likelyInWords, likelyPromises } from '../../../harness/contract/likely-promises.ts';
import reference from '../../../service/proofload.config.ts';

const likelyIn = (more: object): string[] => {
  const contract = contractSchema.parse({
    name: 'plain',
    start: { command: ['node', 'server.js'], readyPath: '/health', readySeconds: 20 },
    endpoints: { health: { method: 'GET', path: '/health', served: [200] } },
    profiles: { fast: {} },
    ...more,
  });
  return likelyPromises(contract, 'fast').map((likely) => likelyInWords([likely]));
};

const ASK = { method: 'POST', path: '/ask', body: {}, served: [200], reaches: ['llm'] };
const ENDS = { graceSeconds: 5, inFlight: 'finished' };
const LLM = { llm: { kind: 'openai' } };

test.each<[string, object, string[]]>([
  ['nothing but its end', {}, ['termination (each deployment ends it)']],
  ['its end, too', { termination: ENDS }, []],
  [
    'a limit by its setting',
    { environment: { ITEMS_RATE_LIMIT: '5' }, termination: ENDS },
    ['profiles.fast.limits (it has the setting ITEMS_RATE_LIMIT)'],
  ],
  [
    'a breaker and a secret by the settings of a condition and a profile',
    {
      conditions: { 'no-breakers': { BREAKER_FAILURES: '9' } },
      profiles: { fast: { environment: { JWT_SECRET: 'x' } } },
      termination: ENDS,
    },
    ['breakers (it has the setting BREAKER_FAILURES)', 'secret (it has the setting JWT_SECRET)'],
  ],
  [
    'at most three: retries, failures and the database',
    { upstreams: LLM, endpoints: { ask: ASK }, environment: { LLM_MAX_RETRIES: '2', DATABASE_URL: '${postgres}' } },
    [
      'upstreams.llm.calls (it has the setting LLM_MAX_RETRIES)',
      'endpoints.ask.onFault (it calls llm)',
      'pool (it has a database)',
    ],
  ],
])('a contract is told of %s', (_, more, likely) => {
  expect(likelyIn(more)).toEqual(likely);
});

test('the reference service makes them all', () => {
  expect(likelyPromises(contractSchema.parse(reference), 'fast')).toEqual([]);
});
