import { expect, test } from 'vitest';
import { whyTrialLate } from '../../../../harness/checkers/breaker/why-trial-late.ts';
import { breakerOf } from '../../../../harness/checkers/lib/checker.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, receipt, request, T0 } from '../../../support/history.ts';

const LLM = breakerOf(facts('llm'));

/** A breaker with a recovery timeout of 2 s, which opens at 0 and refuses calls at some times. */
const late = (refused: readonly number[], ...arrivals: number[]): string =>
  whyTrialLate(
    new History([
      ...refused.map((at) => request(at, 5, 503, { endpoint: LLM.endpoint })),
      ...arrivals.map((at, index) => receipt(index + 1, at, 5, 'groq')),
    ]),
    LLM,
    T0,
  );

const OFTEN = Array.from({ length: 60 }, (_, index) => 100 + index * 100);

test.each([
  ['never', OFTEN, [], /^It never becomes half-open: none of 60 calls in 6\.0 s reached groq/],
  ['after a pause', OFTEN, [-500, 1_500, 8_100], /^Each refused call starts .* 8\.1 s .* and 2\.1 s after the last/],
  ['while calls are made all the time', OFTEN, [6_100], /^It makes the trial too late: .* 6\.1 s after it opened/],
  ['after the second pause', [100, 2_300], [4_500], /^It makes the trial too late/],
] as const)('names the cause of a trial that comes %s', (_, refused, arrivals, cause) => {
  expect(late(refused, ...arrivals)).toMatch(cause);
});
