import { expect, test } from 'vitest';
import { type ContractFile, contractSchema } from '../../../harness/contract/contract.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';

const FAILURES = [{ kind: 'status', status: 500 }];
const BREAKER = { upstream: 'llm', endpoint: 'ask', refusal: 503, failures: FAILURES };
const ASK = { method: 'GET' as const, path: '/', served: [200], reaches: ['llm'] };
const HANG = { hang: { answer: 504, withinSeconds: 20 } } as const;
const HANG_BRIEFLY = { hang: { answer: 504, withinSeconds: 2 } } as const;

/** The numbers of a breaker whose calls have this timeout, if any. */
const numbers = (callTimeoutSeconds?: number) => ({
  llm: { threshold: 5, recoverySeconds: 30, ...(callTimeoutSeconds !== undefined && { callTimeoutSeconds }) },
});

/** Returns the duration of the scenario about the specified numbers in seconds, or why it is skipped. */
async function lasting(parts: Partial<ContractFile>, production: ContractFile['profiles'][string] = {}) {
  const contract = contractSchema.parse({
    name: 'assistant',
    start: { command: ['serve'], readyPath: '/', readySeconds: 1 },
    upstreams: { llm: { kind: 'groq' } },
    environment: {},
    endpoints: { ask: ASK },
    profiles: { fast: production, production },
    ...parts,
  });
  const loaded = await loadScenario('stress/specified-numbers', contract, 'fast');
  return 'skipped' in loaded ? loaded.skipped : loaded.proof.seconds;
}

const NONE =
  'the contract describes no limit in this profile, no timeout of calls that are attempted once, and no breaker with a threshold';
/** A breaker is watched for 13 s, which is longer than its timeout. */
const WATCHED = 16;

test.each<[string, number | string, Parameters<typeof lasting>]>([
  ['of a breaker', WATCHED, [{ breakers: { llm: BREAKER } }, { breakers: numbers(12) }]],
  ['of an answer', 21, [{ endpoints: { ask: { ...ASK, onFault: HANG } } }]],
  [
    'of an answer, if that of its breaker is unknown',
    21,
    [{ endpoints: { ask: { ...ASK, onFault: HANG } }, breakers: { llm: BREAKER } }, { breakers: numbers() }],
  ],
  [
    'of a breaker, which is exact',
    WATCHED,
    [{ endpoints: { ask: { ...ASK, onFault: HANG } }, breakers: { llm: BREAKER } }, { breakers: numbers(12) }],
  ],
  [
    'of a breaker, and not the shorter one of another profile',
    WATCHED,
    [
      { endpoints: { ask: ASK, chat: { ...ASK, onFault: HANG_BRIEFLY } }, breakers: { llm: BREAKER } },
      { breakers: numbers(12) },
    ],
  ],
  [
    'of a breaker, and the longer one of another endpoint',
    21,
    [
      { endpoints: { ask: ASK, chat: { ...ASK, onFault: HANG } }, breakers: { llm: BREAKER } },
      { breakers: numbers(12) },
    ],
  ],
  [
    'of more than a minute, which is not judged, but the breaker is',
    WATCHED,
    [{ breakers: { llm: BREAKER } }, { breakers: numbers(61) }],
  ],
  [
    'of calls that are repeated',
    NONE,
    [
      { upstreams: { llm: { kind: 'groq', calls: { attempts: 2 } } }, breakers: { llm: BREAKER } },
      { breakers: numbers(12) },
    ],
  ],
  ['that is not promised', NONE, [{}]],
])('the specified timeout %s: %s', async (_, expected, given) => {
  expect(await lasting(...given)).toBe(expected);
});
