import { isError, onAnswers } from '../../wire/answers.ts';
import { withHeader } from '../../wire/exchange.ts';
import type { WireMutant } from '../../wire/wire-mutant.ts';

const RETRY_AFTER_CHECKERS = ['rate-limit-retry-after', 'breaker-says-when'];

/** Defines a mutant that changes the Retry-After of all refusals. `undefined` removes it, and NaN does nothing. */
const withRetryAfter = (
  name: string,
  does: string,
  change: (seconds: number) => number | undefined,
  turnsRed = [...RETRY_AFTER_CHECKERS, 'pool-says-when'],
): WireMutant =>
  onAnswers({
    name,
    does: `Retry-After ${does}`,
    turnsRed,
    disturbs: ['noisy-neighbour-survived', 'rate-limit-header-truth', 'specified-recovery'],
    needs: 'retryAfter: true',
    once: 'each',
    when: (exchange, wire) => isError(exchange, wire) && exchange.header('retry-after') !== undefined,
    change: async ({ header, whole }) => {
      const text = header('retry-after') ?? '';
      const changed = change(Number(text));
      // It may be a date, or as short as possible.
      if (Number.isNaN(changed) || changed?.toString() === text) return undefined;
      return withHeader(await whole(), /^retry-after$/i, () => changed?.toString());
    },
  });

export const RETRY_AFTER_MUTANTS: readonly WireMutant[] = [
  withRetryAfter(
    'retry-after-too-short',
    'is one second too short',
    (seconds) => Math.max(0, seconds - 1),
    RETRY_AFTER_CHECKERS,
  ),
  // One second may be due to rounding.
  withRetryAfter('retry-after-too-long', 'is two seconds too long', (seconds) => seconds + 2, [
    ...RETRY_AFTER_CHECKERS,
    'specified-recovery',
  ]),
  withRetryAfter('retry-after-absent', 'is missing', () => undefined),
  withRetryAfter('retry-after-absurd', 'is a day', () => 86_400),
];
