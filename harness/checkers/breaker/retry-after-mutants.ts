import { isError, onAnswers } from '../../wire/answers.ts';
import { withHeader } from '../../wire/exchange.ts';
import type { WireMutant } from '../../wire/wire-mutant.ts';

const TOLD = ['rate-limit-retry-after', 'breaker-says-when'];

/** Defines a mutant that changes the Retry-After of all refusals. `undefined` removes it, and NaN does nothing. */
const told = (
  name: string,
  does: string,
  change: (seconds: number) => number | undefined,
  turnsRed = [...TOLD, 'pool-says-when'],
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
  told('retry-after-too-short', 'is one second too short', (seconds) => Math.max(0, seconds - 1), TOLD),
  // One second may be due to rounding.
  told('retry-after-too-long', 'is two seconds too long', (seconds) => seconds + 2, [...TOLD, 'specified-recovery']),
  told('retry-after-absent', 'is missing', () => undefined),
  told('retry-after-absurd', 'is a day', () => 86_400),
];
