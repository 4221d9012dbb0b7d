import { z } from 'zod';
import type { Seen } from '../../../faults/kinds/lib/nature.ts';
import { entryOf } from '../../base/entry-of.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { callFailures } from '../../contract/call-failures.ts';
import { type KnownFaults, seenAs } from '../../contract/known-faults.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import type { FailingCalls, FailingPhase } from './failing-calls.ts';

/** A wait that no caller can be expected to bear, in seconds. */
const ABSURD_SECONDS = 3_600;

const faultFields = z.looseObject({
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

type RetryAfterForm = 'seconds' | 'dateInSeconds' | 'milliseconds';

/** How an upstream failed, as a client sees it. */
export interface Failure {
  /** Undefined if that depends on the call. */
  readonly as: Seen | undefined;
  /** The upstream's x-should-retry. */
  readonly shouldRetry?: boolean | undefined;
  /** The upstream's Retry-After or retry-after-ms, in seconds, and how it was given. */
  readonly retryAfter?: { readonly seconds: number; readonly form: RetryAfterForm; readonly isAbsurd: boolean };
}

/** Returns how an upstream will fail in a planned phase, or undefined if the fault is not one of proofload's. */
export function plannedFailure({ contract, faults }: Facts, { upstream, fault }: FailingPhase): Failure | undefined {
  return failureOf(entryOf(callFailures(promisedCallsOf(contract, upstream)), fault), faults);
}

/** Returns how the upstream failed in a phase, from the fault that the script set, or undefined if none acted. */
export function failureIn(history: History, { faults }: Facts, { met, upstream }: FailingCalls): Failure | undefined {
  const ids = new Set<string | undefined>(met.flatMap((receipt) => receipt.faults.map((fault) => fault.split(':')[0])));
  const set = history.all('fault').find((fault) => fault.upstream === upstream && ids.has(fault.id));
  return failureOf(set?.asked, faults);
}

function failureOf(fault: unknown, known: KnownFaults): Failure | undefined {
  const { data } = faultFields.safeParse(fault);
  if (!data) return undefined;
  const { retryAfter, shouldRetry } = data;
  const failure = { as: seenAs(data, known), shouldRetry };
  if (retryAfter === undefined) return failure;
  const [[form, value]] = Object.entries(retryAfter) as [[RetryAfterForm, number]];
  const seconds = form === 'milliseconds' ? value / 1_000 : value;
  return { ...failure, retryAfter: { seconds, form, isAbsurd: seconds >= ABSURD_SECONDS } };
}
