import type { CallsSeen } from './calls-seen.ts';

interface Fault {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/**
 * Returns faults that fail a call at once, and after which a request is never sent again. If all failures that a breaker
 * counts are repeated, one of these can open it, if it counts it.
 *
 * @param failures The failures that the contract lists for the breaker.
 */
export function breakerCandidates(failures: readonly Fault[], { on, never, hints }: CallsSeen): Fault[] {
  const status =
    failures.find(({ kind }) => kind === 'status')?.status ?? on.find((failure) => typeof failure === 'number');
  const clientError = never.includes('4xx') ? 400 : never.find((failure) => typeof failure === 'number');
  return [
    ...(never.includes('body') ? [{ kind: 'malformed-json' }] : []),
    ...(never.includes('connection') ? [{ kind: 'reset' }] : []),
    ...(hints.includes('x-should-retry') ? [{ kind: 'status', status: status ?? 500, shouldRetry: false }] : []),
    ...(clientError === undefined ? [] : [{ kind: 'status', status: clientError }]),
  ];
}
