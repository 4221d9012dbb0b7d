import { z } from 'zod';
import { entryOf } from '../../base/entry-of.ts';

const answer = z
  .union([z.int().min(200).max(599), z.enum(['error', 'served'])], 'must be a status such as 502, "error" or "served"')
  .describe(
    'what the caller gets: a status; "error": any status that is not in `served`, an aborted response, or a stream with ' +
      'an error event; "served"',
  );

const timedAnswer = z.strictObject({
  answer,
  withinSeconds: z.number().positive().describe('seconds within which the caller gets the whole answer'),
});

/** The responses that an endpoint's callers get while an upstream fails, by the fault's name. */
export const onFault = z
  .record(
    z.string(),
    z.union([answer, timedAnswer], 'must be a status such as 502, "error", "served" or { answer, withinSeconds }'),
  )
  .default({})
  .describe(
    'what a caller gets while an upstream that the endpoint reaches fails: by the kind of the fault (docs/faults.md), or ' +
      'by the status that the upstream responds with, such as 429',
  );

/** The answer that a contract promises for a fault. */
export interface PromisedAnswer {
  readonly answer: z.output<typeof answer>;
  readonly withinSeconds?: number;
}

/** A fault as the lab's control API accepts it. */
export type NamedFault = {
  readonly kind: string;
  readonly status?: number;
};

/** Returns the fault with the given name: a kind, or the status that the upstream responds with. */
export const faultNamed = (name: string): NamedFault =>
  /^\d+$/.test(name) ? { kind: 'status', status: Number(name) } : { kind: name };

/** Returns the answer promised for a fault, or undefined if there is none. */
export function promisedAnswer(promises: z.output<typeof onFault>, fault: string): PromisedAnswer | undefined {
  const promised = entryOf(promises, fault);
  if (promised === undefined) return undefined;
  return typeof promised === 'object' ? promised : { answer: promised };
}
