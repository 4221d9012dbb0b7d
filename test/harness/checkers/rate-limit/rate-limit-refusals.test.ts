import { expect, test } from 'vitest';
import { rateLimitRefusals } from '../../../../harness/checkers/rate-limit/rate-limit-refusals.ts';
import { History } from '../../../../harness/history/history.ts';
import { metric } from '../../../support/history.ts';
import { factsWith, LIMIT } from './limiters.ts';

function judged(...lacks: (string | undefined)[]) {
  const noted = lacks.map((lack, n) =>
    metric('retry_after_seconds', n, 1, { limit: LIMIT, step: 'over', ...(lack !== undefined && { lacks: lack }) }),
  );
  return rateLimitRefusals.judge(new History(noted), factsWith('clock')).find(({ check }) => check.endsWith(LIMIT));
}

test('refusals that are not as promised fail, with each reason once', () => {
  expect(judged(undefined, 'whose body is not JSON', 'whose body is not JSON', 'without error.code')).toMatchObject({
    check: `refusals are as promised: ${LIMIT}`,
    observed: '3 of 4 refusals wrong: whose body is not JSON',
    evidence: ['without error.code'],
    verdict: 'FAIL',
  });
});

test('refusals that are as promised pass, and none are inconclusive', () => {
  expect(judged(undefined)?.verdict).toBe('PASS');
  expect(judged()?.verdict).toBe('INCONCLUSIVE');
});

test('without a promise there is nothing to judge', () => {
  const { contract, ...rest } = factsWith('clock');
  const { refusalAnswer: _, ...limiter } = contract.limiter;
  expect(rateLimitRefusals.cases?.({ ...rest, contract: { ...contract, limiter } })).toEqual([]);
});
