import type { Begun } from '../../harness/contract/phases.ts';
import { breakCalls, breakEach, mostAtOnce, slowDown, whileBroken } from './break-calls.ts';
import { beginCall, failTogether, probe } from './breaker.ts';
import { type Breaker, context, type Fault, find } from './context.ts';
import { isOnPort, isQuick, isWaiting, labelOf } from './failures.ts';
import { holdMs } from './held-calls.ts';
import { lab } from './lab.ts';
import { CALL_TIMEOUT } from './lasting.ts';
import { isRated, prime, settleSeconds } from './prime.ts';
import { call } from './service.ts';
import { close, waitForTrial } from './trials.ts';
import { times } from './wait.ts';

/** The effect of each fault on a breaker. */
export type Policy = Pick<Breaker, 'failures' | 'ignored' | 'harmless'> & Partial<Pick<Breaker, 'repeated'>>;

/**
 * Tests a breaker's failure policy: enough consecutive failures of any kind open it, ignored faults do not count, and
 * harmless faults count as successes. The phases tell the checker what to judge.
 */
export async function failurePolicy(breaker: Breaker, policy: Policy): Promise<void> {
  for (const [index, row] of rowsOf(policy.failures, breaker).entries()) await openBy(breaker, row, index === 0);
  for (const row of repeatedRows(breaker, policy)) await openWithRetries(breaker, row);
  if (policy.ignored.length > 0) await passOver(breaker, policy.ignored);
  // Successes fill a window, so each harmless kind needs a separate row.
  const harmless = isRated(breaker) ? policy.harmless.map((one) => [one]) : chunks(policy.harmless, Number.MAX_VALUE);
  for (const kinds of harmless) await endRows(breaker, kinds);
}

/**
 * Returns the duration in seconds. Each run of failures ends with the breaker opening once, and the ignored faults end
 * with it opening up to twice.
 */
export function policySeconds(breaker: Breaker): number {
  const { opening, failures, ignored, harmless, recoverySeconds } = breaker;
  const rows = rowsOf(failures, breaker);
  const waits = rows.filter(([first]) => first && isWaiting(first)).length;
  const waited = waits * (mostAtOnce(breaker.upstream, opening.failures) === 1 ? opening.failures : 1);
  const withRetries = repeatedRows(breaker, breaker).length;
  const { attempts, backoff } = find(context.upstreams, breaker.upstream).calls;
  const retried = withRetries * opening.failures * (attempts - 1) * (backoff?.minSeconds ?? SHORTEST_BACKOFF);
  const openings = rows.length + withRetries + 2 * Math.min(1, ignored.length);
  const settled = isRated(breaker) ? (openings + harmless.length) * settleSeconds(breaker) : 0;
  return openings * recoverySeconds + waited * CALL_TIMEOUT + settled + retried;
}

/**
 * Splits failures into runs that open a breaker. Failures that keep a caller waiting go into the same run, so that
 * their waits overlap.
 */
function rowsOf(failures: readonly Fault[], { upstream, opening }: Breaker): Fault[][] {
  const length = mostAtOnce(upstream, opening.failures);
  const onPort = failures.filter(isOnPort);
  const waiting = failures.filter(isWaiting);
  const quick = failures.filter(isQuick);
  return [...chunks(quick, length), ...chunks(waiting, length), ...chunks(onPort, 1)];
}

/** The time between two bytes of a dripped answer, as a share of the call timeout. Even a short body takes longer. */
const DRIPPED = 0.15;

/** Returns a function that lets a dripped answer take longer than the timeout of the breaker's calls. */
const pastTheTimeout =
  ({ callTimeoutSeconds }: Breaker) =>
  (fault: Fault): Fault =>
    fault.kind === 'drip' && callTimeoutSeconds !== undefined
      ? { everyMilliseconds: Math.round(callTimeoutSeconds * 1_000 * DRIPPED), ...fault }
      : fault;

/** The time before a request is repeated, in seconds, if the contract doesn't promise one. */
const SHORTEST_BACKOFF = 0.5;

/** Returns rows of failures that the service repeats. A window may expire during the retries, so it gets none. */
const repeatedRows = (breaker: Breaker, { repeated = [] }: Policy): Fault[][] =>
  isRated(breaker) ? [] : chunks(repeated.filter(isQuick), breaker.opening.failures);

const chunks = <Item>(items: readonly Item[], length: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  );

const labels = (faults: readonly Fault[]): string[] => faults.map((fault) => labelOf(fault));

/**
 * Makes just enough calls fail to open the breaker. They are simultaneous if possible, so that the row takes only as
 * long as its slowest call. The first time, callers wait for the trial if the breaker lets them.
 */
async function openBy(breaker: Breaker, row: Fault[], isFirst: boolean): Promise<void> {
  const { name, upstream, endpoint, opening } = breaker;
  const phase = await lab.phase({
    action: 'row',
    breaker: name,
    faults: labels(row),
    ...(await prime([breaker])),
  });
  await breakEach(upstream, row.map(pastTheTimeout(breaker)), opening.failures);
  await whileBroken(upstream, opening.failures, () => call(endpoint, { phase, about: 'failure' }));
  await lab.heal(upstream);
  const isWaitedFor = isFirst && breaker.duringTrial === 'wait';
  // No call comes between the two, so that the time until a call is served counts from the end of the delay.
  if (isWaitedFor) await slowDown(upstream, holdMs(upstream));
  await probeAndRecover(breaker, phase, isWaitedFor);
}

/**
 * Makes just enough calls fail with all of their attempts to open the breaker, one after another. A breaker that counts
 * attempts opens before the last call.
 */
async function openWithRetries(breaker: Breaker, row: Fault[]): Promise<void> {
  const { name, upstream, endpoint, opening } = breaker;
  const phase = await lab.phase({ action: 'row with retries', breaker: name, faults: labels(row) });
  await breakEach(upstream, row);
  await times(opening.failures, () => call(endpoint, { phase, about: 'failure' }));
  await lab.heal(upstream);
  await probeAndRecover(breaker, phase);
}

/**
 * Causes all failures but the last, then one fault of each ignored kind, and then the failure that opens the breaker.
 */
async function passOver(breaker: Breaker, ignored: readonly Fault[]): Promise<void> {
  const { name, upstream, endpoint, opening } = breaker;
  const phase = await lab.phase({
    action: 'ignored',
    breaker: name,
    faults: labels(ignored),
    ...(await prime([breaker])),
  });
  await failTogether(breaker, opening.failures - 1, phase);
  await times(ignored.length, async (index) => {
    await breakCalls(upstream, ignored[index] as Fault, 1);
    await call(endpoint, { phase, about: labelOf(ignored[index] as Fault) });
  });
  await failTogether(breaker, 1, phase);
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
  await tryWith(breaker, ignored[0] as Fault);
  await recover(breaker, phase);
}

/** Applies an ignored fault to the trial. However the service treats it, there must be another trial. */
async function tryWith(breaker: Breaker, fault: Fault): Promise<void> {
  const phase = await lab.phase({ action: 'trial', breaker: breaker.name, fault: labelOf(fault) });
  const { answered } = await beginCall(breaker, { phase }, [fault]);
  await answered;
  await lab.heal(breaker.upstream);
}

async function probeAndRecover(breaker: Breaker, opening: Begun, isWaitedFor = false): Promise<void> {
  await probe(breaker, await lab.phase({ when: 'after', of: opening.id }));
  if (isWaitedFor) await waitForTrial(breaker);
  await recover(breaker, opening);
}

async function recover(breaker: Breaker, { id }: Begun): Promise<void> {
  await close(breaker, await lab.phase({ when: 'recovery from', of: id }));
}

/**
 * Causes all failures but the last before each harmless fault. If the fault counted as a failure, the breaker would
 * open.
 */
async function endRows(breaker: Breaker, harmless: readonly Fault[]): Promise<void> {
  const { name, upstream, endpoint, opening } = breaker;
  const phase = await lab.phase({
    action: 'harmless',
    breaker: name,
    faults: labels(harmless),
    ...(await prime([breaker])),
  });
  await times(harmless.length, async (index) => {
    await failTogether(breaker, opening.failures - 1, phase);
    await breakCalls(upstream, harmless[index] as Fault, 1);
    await call(endpoint, { phase, about: labelOf(harmless[index] as Fault) });
  });
  if (!isRated(breaker)) await failTogether(breaker, opening.failures - 1, phase);
  await call(endpoint, { phase, about: 'no fault' });
  await recover(breaker, phase);
}

/** Returns a policy with a single fault. */
export const onlyAbout = (part: keyof Policy, fault: Fault): Policy => ({
  failures: [],
  ignored: [],
  harmless: [],
  [part]: [fault],
});
