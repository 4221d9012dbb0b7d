import { z } from 'zod';
import { type Seen, seenAs } from '../../contract/attempts.ts';
import type { History } from '../../history/history.ts';
import type { FailingCalls } from './failing-calls.ts';

/** A wait that no caller can be expected to bear, in seconds. */
const ABSURD_SECONDS = 3_600;

const asked = z.looseObject({
  kind: z.string(),
  status: z.int().optional(),
  retryAfter: z
    .union([
      z.object({ seconds: z.number() }),
      z.object({ dateInSeconds: z.number() }),
      z.object({ milliseconds: z.number() }),
    ])
    .optional(),
  shouldRetry: z.boolean().optional(),
});

/** How an upstream failed, as a client sees it. */
export interface Failure {
  /** Undefined if that depends on the call. */
  readonly as: Seen | undefined;
  /** The upstream's x-should-retry. */
  readonly shouldRetry?: boolean | undefined;
  /** The upstream's Retry-After or retry-after-ms, in seconds. With `isDate`, it was a date. */
  readonly retryAfter?: { readonly seconds: number; readonly isDate: boolean; readonly isAbsurd: boolean };
}

/** Returns how the upstream failed in a phase, from the fault that the script set, or undefined if none acted. */
export function failureIn(history: History, { met, upstream }: FailingCalls): Failure | undefined {
  const ids = new Set<string | undefined>(met.flatMap(({ faults }) => faults.map((fault) => fault.split(':')[0])));
  const set = history.all('fault').find((one) => one.upstream === upstream && ids.has(one.id));
  const { data } = asked.safeParse(set?.asked);
  if (!data) return undefined;
  const { retryAfter, shouldRetry } = data;
  const failure = { as: seenAs(data), shouldRetry };
  if (retryAfter === undefined) return failure;
  const seconds = secondsOf(retryAfter);
  const isDate = 'dateInSeconds' in retryAfter;
  return { ...failure, retryAfter: { seconds, isDate, isAbsurd: seconds >= ABSURD_SECONDS } };
}

function secondsOf(retryAfter: NonNullable<z.output<typeof asked>['retryAfter']>): number {
  if ('seconds' in retryAfter) return retryAfter.seconds;
  return 'milliseconds' in retryAfter ? retryAfter.milliseconds / 1_000 : retryAfter.dateInSeconds;
}
