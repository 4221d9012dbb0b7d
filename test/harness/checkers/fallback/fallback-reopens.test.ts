import { expect, test } from 'vitest';
import { fallbackReopens } from '../../../../harness/checkers/fallback/fallback-reopens.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, starved } from '../../../support/history.ts';
import { type Arrival, factsOf, OUTAGE, phased } from './routed.ts';

interface Seen {
  trials?: readonly Arrival[];
  /** When a call reaches the first upstream again, in milliseconds after the trial has failed. */
  again?: number;
  /** The number of calls after the trial. One is made every 20 ms. */
  calls?: number;
}

/** The phase in which a trial fails ends with it. */
const FAILED_AT = 15;

function judged({ trials = [['llm', 12, true]], again = 960, calls = 50 }: Seen, facts = factsOf(), waits = 0) {
  const statuses = Array<number>(calls).fill(200);
  const events = [
    begun(1, OUTAGE, -1, 0),
    ...phased({
      id: 2,
      data: { action: 'fallback half-open', endpoint: 'chat' },
      from: 0,
      statuses: [200, 200],
      arrivals: trials,
    }),
    ...phased({
      id: 3,
      data: { when: 'after', of: 1 },
      from: FAILED_AT,
      seq: trials.length,
      about: 'again',
      statuses,
      arrivals: again === Number.POSITIVE_INFINITY ? [] : [['llm', again]],
    }),
    starved('fakes', 0, 1, 0),
    starved('fakes', 1, FAILED_AT, waits),
  ];
  return fallbackReopens.judge(new History(events), facts)[0];
}

test('a breaker that waits for its recovery timeout after a failed trial passes', () => {
  expect(judged({})).toEqual({
    check: 'reopens behind the fallback: llm, chat',
    evidence: ['measured: too early by 40 ms minus 50 ms of tolerance: 0.0 ms'],
    requests: [{ phase: '2' }, { phase: '3' }],
    expected: 'the next call reaches llm 1 s after a failed trial',
    observed: 'after 0.96 s; 45 calls before it',
    verdict: 'PASS',
  });
});

test('a breaker that lets a call through before fails', () => {
  expect(judged({ again: 10 })).toMatchObject({ observed: 'after 0.01 s; 0 calls before it', verdict: 'FAIL' });
  expect(judged({ again: 949 })?.verdict).toBe('FAIL');
  expect(judged({ again: 950 })?.verdict).toBe('PASS');
});

test('on a busy machine, a trial may have failed earlier than the upstream noted', () => {
  expect(judged({ again: 900 }, undefined, 50)?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ again: 899 }, undefined, 50)?.verdict).toBe('FAIL');
});

test('without a failed trial, a call that arrives, or calls before it, nothing is proved', () => {
  expect(judged({ trials: [] })).toMatchObject({ observed: 'no trial failed', verdict: 'INCONCLUSIVE' });
  expect(judged({ again: Number.POSITIVE_INFINITY })).toMatchObject({
    observed: 'no call reached llm again',
    verdict: 'INCONCLUSIVE',
  });
  expect(judged({ calls: 0 })?.verdict).toBe('INCONCLUSIVE');
});

test('a breaker with several trials is not judged', () => {
  expect(judged({}, factsOf({}, { breaker: { trials: 2 } }))).toBeUndefined();
  expect(judged({}, factsOf({}, { breakers: false }))).toBeUndefined();
});
