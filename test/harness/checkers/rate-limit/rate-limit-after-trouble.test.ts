import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { rateLimitAfterTrouble } from '../../../../harness/checkers/rate-limit/rate-limit-after-trouble.ts';
import type { RequestReceipt } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, receipt, request } from '../../../support/history.ts';
import { factsWith, LIMIT, MAX } from './limiters.ts';

const planned = { action: 'after trouble', endpoint: LIMIT } as const;

const TROUBLE = receipt(1, -1_000, 5, 'groq', ['1:status']);

interface Round {
  readonly admitted: number;
  readonly every?: number;
  readonly last?: number;
}

const judged = (...rounds: Round[]) => judgedAfter([TROUBLE], ...rounds);

/** Rounds of 15 requests to a limit of 12 in 2 s: how many are admitted, and the milliseconds between two of them. */
function judgedAfter(trouble: readonly RequestReceipt[], ...rounds: Round[]) {
  const events = rounds.flatMap(({ admitted, every = 10, last = 429 }, round) =>
    Array.from({ length: MAX + 3 }, (_, index) => {
      const status = index < admitted ? 200 : index === MAX + 2 ? last : 429;
      return request(round * 10_000 + index * every, 5, status, { phase: '1', limit: LIMIT, round: String(round + 1) });
    }),
  );
  const known = factsWith('first-request');
  const [found] = rateLimitAfterTrouble.judge(new History([...trouble, begun(1, planned, 0, 1), ...events]), {
    ...known,
    proof: { ...known.proof, plan: [planned] },
  } as Facts);
  return found;
}

test('a limit that still admits exactly N passes', () => {
  expect(judged({ admitted: MAX })).toMatchObject({
    check: 'limit holds after trouble: activities-suggest',
    observed: '12 of 15 admitted',
    verdict: 'PASS',
  });
});

test.each<[string, Parameters<typeof judged>, string]>([
  ['admits all requests', [{ admitted: MAX + 3 }], 'FAIL'],
  ['admits one too few', [{ admitted: MAX - 1 }], 'FAIL'],
  ['was seen in one window in a later round', [{ admitted: MAX, every: 300 }, { admitted: MAX }], 'PASS'],
  ['was not seen in one window', [{ admitted: MAX, every: 300 }], 'INCONCLUSIVE'],
  ['left a request unanswered', [{ admitted: MAX, last: 0 }], 'INCONCLUSIVE'],
  ['was not used', [], 'INCONCLUSIVE'],
])('if the limit %s', (_, rounds, expected) => {
  expect(judged(...rounds)?.verdict).toBe(expected);
});

test('nothing is shown if nothing failed before', () => {
  for (const quiet of [[], [receipt(1, -1_000, 5, 'groq')], [receipt(1, 5_000, 5, 'groq', ['1:status'])]]) {
    expect(judgedAfter(quiet, { admitted: MAX })).toMatchObject({
      observed: '12 of 15 admitted, although nothing had failed before',
      verdict: 'INCONCLUSIVE',
    });
  }
  expect(judgedAfter([], { admitted: MAX + 3 })?.verdict).toBe('FAIL');
});
