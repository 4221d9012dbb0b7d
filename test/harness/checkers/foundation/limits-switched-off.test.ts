import { expect, test } from 'vitest';
import { limitsSwitchedOff } from '../../../../harness/checkers/foundation/limits-switched-off.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, request } from '../../../support/history.ts';

function judged(status: number, { conditions = ['no-rate-limits'], onFault = {} } = {}) {
  const given = facts();
  const { 'conversation-read': endpoint } = given.contract.endpoints;
  const endpoints = { ...given.contract.endpoints, 'conversation-read': { ...endpoint, onFault } };
  const all = { ...given, contract: { ...given.contract, endpoints }, proof: { ...given.proof, conditions } };
  const requests = [200, status].map((of) => request(0, 5, of, { endpoint: 'conversation-read' }));
  return limitsSwitchedOff.judge(new History(requests), all as Facts)[0];
}

test('a request that only a limit can have refused fails, and the result names the switch', () => {
  expect(judged(429)).toMatchObject({
    verdict: 'FAIL',
    observed: '1 of 2 requests refused by a limit: conversation-read',
    usually: expect.stringContaining('ignores RATE_LIMIT_ENABLED'),
  });
});

test('no refusal passes, and neither does one fail that something else may have sent', () => {
  expect(judged(503)?.verdict).toBe('PASS');
  expect(judged(429, { onFault: { 429: 429 } })?.verdict).toBe('PASS');
});

test('a scenario that does not switch limits off is not judged', () => {
  expect(judged(429, { conditions: [] })).toBeUndefined();
});
