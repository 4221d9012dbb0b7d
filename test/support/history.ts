import type { HistoryEvent } from '../../harness/history/events.ts';
import { factsOf, request, T0 } from '../../harness/testing/hand-written.ts';
import reference from '../../service/proofload.config.ts';

export * from '../../harness/testing/hand-written.ts';

const breaker = { threshold: 5, recoverySeconds: 2, callTimeoutSeconds: 2 };
const profiles = {
  ...reference.profiles,
  fast: { ...reference.profiles.fast, breakers: { llm: breaker, memory: breaker } },
};

/**
 * Facts about the reference service with a `fast` profile on a machine without noise. Without `secrecy`, because nobody
 * searched the responses in hand-written histories.
 */
export const facts = (tested?: string): ReturnType<typeof factsOf> =>
  factsOf({ ...reference, secrecy: undefined, profiles }, tested === undefined ? {} : { breaker: tested });

/** The same facts about the breaker of the LLM, if no endpoint but its own reached the LLM. */
export function aloneFacts(): ReturnType<typeof facts> {
  const llm = facts('llm');
  const reaching = Object.entries(llm.contract.endpoints).map(([name, endpoint]) => [
    name,
    name === 'conversation-end'
      ? endpoint
      : { ...endpoint, reaches: endpoint.reaches.filter((upstream) => upstream !== 'groq') },
  ]);
  return { ...llm, contract: { ...llm.contract, endpoints: Object.fromEntries(reaching) } };
}

/** A request in a phase that no check looks at, with the worst possible outcome. */
export const STRAY = request(1, 9_000, 500, { phase: 'another' });

/** The beginning of a phase with any title, for tests of what people see. */
export const titled = (title: string, after: number, receipts: number): HistoryEvent => ({
  type: 'phase',
  id: 1,
  data: { own: title },
  title,
  at: T0 + after,
  receipts,
});
