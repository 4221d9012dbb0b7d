import { poolOf } from '../lib/checker.ts';
import { refusalAnswers } from '../lib/refusal-answers.ts';
import { saidIn } from '../lib/retry-after.ts';

/** Checks that each refusal for lack of a connection has the promised type and body. */
export const poolRefusals = refusalAnswers(
  { name: 'pool-refusals', restsOn: ['pool-refuses-the-rest'], without: 'the contract has no pool.refusalAnswer' },
  (facts) =>
    poolOf(facts).refusalAnswer === undefined
      ? []
      : [
          {
            check: 'refusals of the pool are as promised',
            promises: [['pool', 'refusalAnswer']],
            in: (history) => saidIn(history, { of: 'database' }),
          },
        ],
);
