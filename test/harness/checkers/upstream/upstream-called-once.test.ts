import { expect, test } from 'vitest';
import { upstreamCalledOnce } from '../../../../harness/checkers/upstream/upstream-called-once.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Failing, failingHistory } from '../../../support/failing.ts';
import { facts, phase, receipt } from '../../../support/history.ts';

test.each<[string, Failing, string]>([
  ['one request for each call', {}, 'PASS'],
  ['a second try', { failing: 2 }, 'FAIL'],
  ['a second try in the background, once the upstream is well', { good: 2 }, 'FAIL'],
  ['no call at all', { failing: 0, good: 0 }, 'INCONCLUSIVE'],
  ['no fault', { failing: 0, good: 2 }, 'INCONCLUSIVE'],
  ['fewer requests than calls', { good: 0 }, 'INCONCLUSIVE'],
  ['requests of what comes after', { more: [receipt(9, 70_001, 5, 'groq')] }, 'PASS'],
])('an upstream that fails, and gets %s', (_, seen, expected) => {
  const [finding] = upstreamCalledOnce.judge(new History(failingHistory(seen)), facts());
  expect(finding?.verdict).toBe(expected);
});

test('other phases are ignored', () => {
  expect(upstreamCalledOnce.judge(new History([phase('steady', 0, 0)]), facts())).toEqual([]);
});
