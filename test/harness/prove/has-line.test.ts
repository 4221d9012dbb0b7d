import { expect, test } from 'vitest';
import { hasLine } from '../../../harness/prove/has-line.ts';

const CONTRACT = {
  health: 'health',
  ledger: undefined,
  secrecy: {},
  upstreams: {},
  limiter: { window: 'fixed', retryAfter: true },
  endpoints: { ask: { reaches: ['llm'], fallback: { told: 'x' } }, constructor: {} },
  breakers: { llm: { duringTrial: 'wait', retryAfter: false } },
};

test.each(['health', 'endpoints.NAME.reaches', 'endpoints.NAME.fallback.told', 'breakers', 'secrecy: {}'])(
  'the contract has %s',
  (line) => expect(hasLine(CONTRACT, line)).toBe(true),
);

test.each(['limiter.window: fixed', 'breakers.NAME.duringTrial: wait', 'retryAfter: true', 'secret or health'])(
  'the contract has %s',
  (line) => expect(hasLine(CONTRACT, line)).toBe(true),
);

test.each([
  'ledger',
  'pool',
  'upstreams',
  'endpoints.NAME.cancels',
  'endpoints.NAME.name',
  'limiter.window: token-bucket',
  'limiter.headers',
  'secret or refusedStarts',
  'profiles.NAME.limits',
])('the contract lacks %s', (line) => expect(hasLine(CONTRACT, line)).toBe(false));
