import { expect, test } from 'vitest';
import { upstreamCalledOnce } from '../../../../harness/checkers/upstream/upstream-called-once.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, phase, receipt, request } from '../../../support/history.ts';

const PHASE = 'failing groq 429-at-once in conversation-end';

/**
 * Judges one call that fails after `ms` milliseconds and one that is served, with the requests that reach the upstream
 * with a fault and without one.
 */
function judged({ ms = 50, status = 503, failing = 1, good = 1, later = 0, servedWithout = [] as string[] }) {
  const seen = [
    ...Array.from({ length: failing }, () => ['f1:status']),
    ...Array.from({ length: good }, (): string[] => []),
  ];
  const events = [
    phase(PHASE, 0, 0),
    request(10, ms, status, { phase: PHASE, about: 'failing' }),
    request(10_000, 50, 201, { phase: PHASE, about: 'again' }),
    ...seen.map((faults, index) => receipt(index + 1, 20 + index, 5, 'groq', faults)),
    phase('next', 20_000, seen.length),
    ...Array.from({ length: later }, (_, index) => receipt(seen.length + index + 1, 20_001, 5, 'groq')),
  ];
  const { contract, ...rest } = facts();
  const endpoint = { ...contract.endpoints['conversation-end'], servedWithout };
  const endpoints = { ...contract.endpoints, 'conversation-end': endpoint } as typeof contract.endpoints;
  const [finding] = upstreamCalledOnce.judge(new History(events), { ...rest, contract: { ...contract, endpoints } });
  return finding?.verdict;
}

test.each<[string, Parameters<typeof judged>[0], string]>([
  ['one request for each call', {}, 'PASS'],
  ['a second try', { failing: 2 }, 'FAIL'],
  ['a second try in the background, once the upstream is well', { good: 2 }, 'FAIL'],
  ['a caller who waits', { ms: 5_001 }, 'FAIL'],
  ['a caller who waits for longer than anybody can', { ms: 36_000, status: 0 }, 'FAIL'],
  ['a caller who does not wait', { ms: 5_000 }, 'PASS'],
  ['no call at all', { failing: 0, good: 0 }, 'INCONCLUSIVE'],
  ['no fault', { failing: 0, good: 2 }, 'INCONCLUSIVE'],
  ['fewer requests than calls', { good: 0 }, 'INCONCLUSIVE'],
  ['a call without an answer', { status: 0 }, 'FAIL'],
  ['requests of what comes after', { later: 3 }, 'PASS'],
  ['a caller who is told that all is well', { status: 201 }, 'FAIL'],
  ['a caller who is told so with another status', { status: 200 }, 'PASS'],
  ['a caller who is told so as the contract says', { status: 201, servedWithout: ['groq'] }, 'PASS'],
  ['a caller who is told so, without another upstream', { status: 201, servedWithout: ['mem0'] }, 'FAIL'],
  ['a caller who is told so where none failed', { status: 201, failing: 0, good: 2 }, 'INCONCLUSIVE'],
])('an upstream that fails, and gets %s', (_, seen, expected) => {
  expect(judged(seen)).toBe(expected);
});

test('other phases are ignored', () => {
  expect(upstreamCalledOnce.judge(new History([phase('steady', 0, 0)]), facts())).toEqual([]);
});
