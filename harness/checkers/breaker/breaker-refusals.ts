import { promiseOf } from '../lib/breaker-promises.ts';
import { breakerOf } from '../lib/checker.ts';
import { refusalAnswers } from '../lib/refusal-answers.ts';
import { saidIn } from '../lib/retry-after.ts';
import { whileOpen } from './other-endpoints.ts';

/** Checks that each refusal of an open breaker has the promised type and body, from all endpoints that need its upstream. */
export const breakerRefusals = refusalAnswers(
  {
    name: 'breaker-refusals',
    restsOn: ['breaker-opens', 'breaker-covers-endpoints'],
    without: 'the breaker has no refusalAnswer',
  },
  (facts) => {
    const breaker = breakerOf(facts);
    if (breaker.refusalAnswer === undefined) return [];
    return [
      {
        check: 'refusals of the breaker are as promised',
        promises: [promiseOf(breaker, 'refusalAnswer')],
        in: (history) => saidIn(history, {}, whileOpen(history)),
      },
    ];
  },
);
