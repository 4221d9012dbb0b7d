import { factsOf, request } from '../../harness/testing/hand-written.ts';
import reference from '../../service/proofload.config.ts';

export * from '../../harness/testing/hand-written.ts';

/**
 * Facts about the reference service's `fast` profile on a machine without noise. Without `secrecy`, because nobody
 * searched the responses in hand-written histories.
 */
export const facts = (breaker?: string): ReturnType<typeof factsOf> =>
  factsOf({ ...reference, secrecy: undefined }, breaker === undefined ? {} : { breaker });

/** A request in a phase that no check looks at, with the worst possible outcome. */
export const STRAY = request(1, 9_000, 500, { phase: 'another' });
