import { refusalAnswers } from '../lib/refusal-answers.ts';
import { saidIn } from '../lib/retry-after.ts';
import { limitsOf, NO_LIMITS } from './rate-limit-windows.ts';

/** Checks that each 429 of a limit has the promised type and body. */
export const rateLimitRefusals = refusalAnswers(
  {
    name: 'rate-limit-refusals',
    restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket', 'rate-limit-weighted'],
    without: `${NO_LIMITS}, or the contract has no limiter.refusalAnswer`,
  },
  (facts) =>
    facts.contract.limiter.refusalAnswer === undefined
      ? []
      : limitsOf(facts).map(({ limit }) => ({
          check: `refusals are as promised: ${limit}`,
          promises: [['limiter', 'refusalAnswer']],
          in: (history) => saidIn(history, { limit }),
        })),
);
