import { z } from 'zod';
import { entryOf } from '../../base/entry-of.ts';

const answer = z
  .union([z.int().min(200).max(599), z.enum(['error', 'served'])], 'must be a status such as 502, "error" or "served"')
  .describe(
    'what the caller gets: exactly this status; `error`: a failure that it can recognize, so an answer that ' +
      'is not `served`, an aborted response, or a stream with an error event (event: error, or JSON with a ' +
      'field error); `served`, in spite of the fault',
  );

const timedAnswer = z.strictObject({
  answer,
  withinSeconds: z
    .number()
    .positive()
    .describe(
      'seconds within which the caller gets the last byte of the answer; tolerance: 0.5 s. It is the same in ' +
        'all profiles, so choose that of the profile in which you run the scenarios. `stress/specified-numbers` ' +
        'ignores one that is shorter than the `callTimeoutSeconds` of the breaker',
    ),
});

const ALLOWED = 'must be a status such as 502, "error", "served" or { answer, withinSeconds }';

const oneAnswer = z.union([answer, timedAnswer], ALLOWED);

/** The same for a single upstream. No key is a field of an answer, so that error messages refer to the right schema. */
const ofUpstream = z
  .record(z.string().regex(/^(?!answer$|withinSeconds$)/), oneAnswer)
  .describe('the same for one of its upstreams, named by the key');

/**
 * The responses that an endpoint's callers get while an upstream fails, by the fault's name, or by the upstream's name
 * and the fault's name (`groq.500`), which takes precedence.
 */
export const onFault = z
  .record(z.string(), z.union([answer, timedAnswer, ofUpstream], ALLOWED))
  .default({})
  .transform((promises) => Object.fromEntries(Object.entries(promises).flatMap(flat)))
  .pipe(z.record(z.string(), oneAnswer))
  .describe(
    'what a caller gets while an upstream that the endpoint reaches fails: by the kind of the fault ' +
      '(docs/faults.md), or by the status that the upstream responds with, such as 429. For one upstream only, ' +
      'which takes precedence: by its name, and then by the fault, such as { groq: { 500: 502 } }. Kinds with ' +
      "required fields, such as `latency`, can't be used; a slow upstream is `hang` (no response) or `stall` (a " +
      'response that never ends)',
  );

type Answer = z.output<typeof oneAnswer>;

const isAnswer = (promised: Answer | z.output<typeof ofUpstream>): promised is Answer =>
  typeof promised !== 'object' || 'answer' in promised;

const flat = ([key, promised]: [string, Answer | z.output<typeof ofUpstream>]): [string, Answer][] =>
  isAnswer(promised)
    ? [[key, promised]]
    : Object.entries(promised).map(([fault, answered]) => [nameAt(key, fault), answered]);

const nameAt = (upstream: string, fault: string): string => `${upstream}.${fault}`;

/** A fault in `onFault`, and the upstream to which the answer is limited, if any. */
export interface FaultAt {
  readonly fault: string;
  readonly upstream?: string;
}

/** Reads a key of `onFault`. The names of faults have no dot. */
export function faultAt(key: string): FaultAt {
  const dot = key.lastIndexOf('.');
  return dot === -1 ? { fault: key } : { fault: key.slice(dot + 1), upstream: key.slice(0, dot) };
}

/** Returns the key of the answer for a fault of an upstream, even if none is promised. */
export const keyAt = (promises: z.output<typeof onFault>, fault: string, upstream: string): string =>
  Object.hasOwn(promises, nameAt(upstream, fault)) ? nameAt(upstream, fault) : fault;

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

/** Returns the fault with the given name: a kind, or the status that the upstream responds with or redirects with. */
export function faultNamed(name: string): NamedFault {
  if (!/^\d+$/.test(name)) return { kind: name };
  const status = Number(name);
  return { kind: status < 400 ? 'redirect' : 'status', status };
}

/** Returns the answer promised for a fault of an upstream, or undefined if there is none. */
export function promisedAnswer(
  promises: z.output<typeof onFault>,
  fault: string,
  upstream: string,
): PromisedAnswer | undefined {
  const promised = entryOf(promises, keyAt(promises, fault, upstream));
  if (promised === undefined) return undefined;
  return typeof promised === 'object' ? promised : { answer: promised };
}
