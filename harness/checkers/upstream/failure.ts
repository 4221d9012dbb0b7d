import { z } from 'zod';
import type { History } from '../../history/history.ts';
import type { FailingCalls } from './failing-calls.ts';

/** A wait that no caller can be expected to bear, in seconds. */
const ABSURD_SECONDS = 3_600;

const asked = z.looseObject({
  kind: z.string(),
  status: z.int().optional(),
  retryAfter: z.union([z.object({ seconds: z.number() }), z.object({ dateInSeconds: z.number() })]).optional(),
});

/** How an upstream failed, as a client sees it. */
export interface Failure {
  /** A status, or what happened to the connection. Undefined for a body that can't be used. */
  readonly as: number | 'timeout' | 'connection' | undefined;
  /** The upstream's Retry-After in seconds, either from the response or, with `isDate`, as a date. */
  readonly retryAfter?: { readonly seconds: number; readonly isDate: boolean; readonly isAbsurd: boolean };
}

const CONNECTION = ['reset', 'reset-in-headers', 'half-close', 'refuse'];
const TIMEOUT = ['hang', 'stall'];

/** Returns how the upstream failed in a phase, from the fault that the script set, or undefined if none acted. */
export function failureIn(history: History, { met, upstream }: FailingCalls): Failure | undefined {
  const ids = new Set(met.flatMap(({ faults }) => faults.map((fault) => fault.split(':')[0])));
  const set = history.all('fault').find((one) => one.upstream === upstream && one.id !== undefined && ids.has(one.id));
  const { data } = asked.safeParse(set?.asked);
  if (!data) return undefined;
  const { kind, status, retryAfter } = data;
  const as = CONNECTION.includes(kind) ? 'connection' : TIMEOUT.includes(kind) ? 'timeout' : status;
  if (retryAfter === undefined) return { as };
  const isDate = 'dateInSeconds' in retryAfter;
  const seconds = isDate ? retryAfter.dateInSeconds : retryAfter.seconds;
  return { as, retryAfter: { seconds, isDate, isAbsurd: seconds >= ABSURD_SECONDS } };
}
