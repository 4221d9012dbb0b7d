import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import { eachAlone } from './alone.ts';
import { breakCalls, breakEach, mostAtOnce, slowDown, whileBroken } from './break-calls.ts';
import { beginCall, callUntilKeptAway, failTogether, PROBES, probe, quickFailure } from './breaker.ts';
import { type Breaker, context, type Fault, find } from './context.ts';
import { isOnPort, isQuick, isWaiting, labelOf, trialFailures } from './failures.ts';
import { holdMs } from './held-calls.ts';
import { lab } from './lab.ts';
import { CALL_TIMEOUT } from './lasting.ts';
import { isRated, prime, settleSeconds } from './prime.ts';
import { call } from './service.ts';
import { planOf, type Step, take } from './steps.ts';
import { close, crowdInTrial, hasSeveralTrials, waitForTrial } from './trials.ts';
import { times, together } from './wait.ts';

/** The effect of each fault on a breaker. */
export type Policy = Pick<Breaker, 'failures' | 'ignored' | 'harmless'> & Partial<Pick<Breaker, 'repeated'>>;

/**
 * Tests a breaker's failure policy: enough consecutive failures of any kind open it, ignored faults do not count, and
 * harmless faults count as successes. The phases tell the checker what to judge.
 */
export async function failurePolicy(breaker: Breaker, policy: Policy): Promise<void> {
  await take(stepsOf(breaker, policy));
}

/** Returns the phases of `failurePolicy` that checkers judge. */
export const policyPlan = (breaker: Breaker, policy: Policy): PlannedAction[] => planOf(stepsOf(breaker, policy));

type Action = 'row' | 'row with retries' | 'ignored' | 'harmless';

/** Returns what happens to a breaker, one after another. */
function stepsOf(breaker: Breaker, { failures, ignored, harmless, ...policy }: Policy): Step[] {
  const stepOf = <Name extends Action>(
    action: Name,
    faults: readonly Fault[],
    act: (breaker: Breaker, faults: readonly Fault[], planned: Row<Name>) => Promise<void>,
  ): Step => {
    const planned: Row<Name> = { action, breaker: breaker.name, faults: faults.map((fault) => labelOf(fault)) };
    return { plan: [planned as PlannedAction<Action>], act: () => act(breaker, faults, planned) };
  };
  const isWaitedFor = breaker.duringTrial === 'wait';
  const allRows = rowsOf(failures, breaker);
  const quickRows = allRows.filter((row) => row.every(isQuick)).length;
  const rows = allRows.map((row, index): Step => {
    // The first time, callers wait for the trial if the breaker lets them.
    const isCrowded = isWaitedFor && index === 0;
    const tried = row.every(isQuick) ? trialsAfter(index, quickRows, failedTrials(breaker, failures)) : [];
    const step = stepOf('row', row, (...of) => openBy(...of, isCrowded, tried));
    const trials = tried.map((fault) => failedTrial(breaker, fault));
    return { ...step, plan: [...step.plan, ...trials, ...(isCrowded ? [crowdInTrial(breaker)] : [])] };
  });
  // Otherwise, all failures are repeated, and no number of calls comes just before the opening.
  const isFailing = breaker.failures.some(isQuick);
  // Successes fill a window, so each harmless kind needs a separate row.
  const ends = isRated(breaker) ? harmless.map((fault) => [fault]) : chunks(harmless, Number.MAX_VALUE);
  return [
    ...rows,
    ...repeatedRows(breaker, policy).map((row) => stepOf('row with retries', row, openWithRetries)),
    ...(ignored.length > 0 && isFailing ? [stepOf('ignored', ignored, passOver)] : []),
    ...(isFailing ? ends : []).map((kinds) => stepOf('harmless', kinds, endRows)),
  ];
}

/** The phase in which some faults act. */
interface Row<Name extends Action> {
  readonly action: Name;
  readonly breaker: string;
  readonly faults: readonly string[];
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
  const trials = failedTrials(breaker, failures).length;
  return (openings + trials) * recoverySeconds + waited * CALL_TIMEOUT + settled + retried;
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
const repeatedRows = (breaker: Breaker, { repeated = [] }: Pick<Policy, 'repeated'>): Fault[][] =>
  isRated(breaker) ? [] : chunks(repeated.filter(isQuick), breaker.opening.failures);

const chunks = <Item>(items: readonly Item[], length: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  );

/**
 * Makes just enough calls fail to open the breaker. They are simultaneous if possible, so that the row takes only as
 * long as its slowest call.
 */
async function openBy(
  breaker: Breaker,
  row: readonly Fault[],
  planned: Row<'row'>,
  isWaitedFor: boolean,
  tried: readonly Fault[],
): Promise<void> {
  const { upstream, endpoint, opening } = breaker;
  const phase = await lab.phase({ ...planned, ...(await prime([breaker])) });
  await breakEach(upstream, row.map(pastTheTimeout(breaker)), opening.failures);
  await whileBroken(upstream, opening.failures, () => call(endpoint, { phase, about: 'failure' }));
  // Only a call that is served may follow: the faults of a row and of trials act on as many calls as there are.
  const heal = async () => {
    await lab.heal(upstream);
    // No call comes between the two, so that the time until a call is served counts from the end of the delay.
    if (isWaitedFor) await slowDown(upstream, holdMs(upstream));
  };
  if (tried.length === 0) await heal();
  const before = await lab.arrivals(upstream);
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
  const isOpen = (await lab.arrivals(upstream)) < before + PROBES;
  for (const fault of tried) await failTrial(breaker, fault);
  if (tried.length > 0) await heal();
  if (isWaitedFor) await waitForTrial(breaker);
  await recover(breaker, phase);
  if (!isOpen) await eachAlone(breaker, row);
}

/**
 * Makes just enough calls fail with all of their attempts to open the breaker, one after another. A breaker that counts
 * attempts opens before the last call, and the calls end with the first one that does not reach the upstream.
 */
async function openWithRetries(
  breaker: Breaker,
  row: readonly Fault[],
  planned: Row<'row with retries'>,
): Promise<void> {
  const { upstream, endpoint, opening } = breaker;
  const phase = await lab.phase(planned);
  await breakEach(upstream, row);
  await callUntilKeptAway(breaker, opening.failures, { phase, about: 'failure' });
  await lab.heal(upstream);
  // At the same time, because rejections may be repeated as well, and a trial must not be due meanwhile.
  const after = await lab.phase({ when: 'after', of: phase.id });
  await together(PROBES, () => call(endpoint, { phase: after, about: 'probe' }));
  await recover(breaker, phase);
}

/**
 * Causes all failures but the last, then one fault of each ignored kind, and then the failure that opens the breaker.
 */
async function passOver(breaker: Breaker, ignored: readonly Fault[], planned: Row<'ignored'>): Promise<void> {
  const { upstream, endpoint, opening } = breaker;
  const phase = await lab.phase({ ...planned, ...(await prime([breaker])) });
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

/** Lets the trial fail in one way. After that, the breaker must be open again. */
async function failTrial(breaker: Breaker, fault: Fault): Promise<void> {
  const phase = await lab.phase(failedTrial(breaker, fault));
  const { answered } = await beginCall(breaker, { phase, about: 'trial' }, [fault]);
  await answered;
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
}

/** Returns the phase in which the trial fails in one way. */
const failedTrial = ({ name }: Breaker, fault: Fault): PlannedAction<'failed trial'> => ({
  action: 'failed trial',
  breaker: name,
  fault: labelOf(fault),
});

/** Maximum number of seconds that failed trials add to a scenario. Each takes a recovery timeout. */
const TRIAL_SECONDS = 10;

/**
 * Returns the failures to try as the result of a trial. Other scenarios try a quick one and one that hangs. If several
 * trials decide, libraries differ in how many failures reopen the breaker.
 */
function failedTrials(breaker: Breaker, failures: readonly Fault[]): Fault[] {
  if (!breaker.failures.some(isQuick) || hasSeveralTrials(breaker)) return [];
  const elsewhere = labelOf(quickFailure(breaker));
  const quick = failures.filter((fault) => isQuick(fault) && labelOf(fault) !== elsewhere);
  return trialFailures(quick, Math.floor(TRIAL_SECONDS / breaker.recoverySeconds));
}

/** Returns those that are tried after one of several rows. They are distributed evenly. */
const trialsAfter = (row: number, rows: number, faults: readonly Fault[]): Fault[] =>
  faults.filter((_, index) => index % rows === row);

/** Applies an ignored fault to the trial. However the service treats it, there must be another trial. */
async function tryWith(breaker: Breaker, fault: Fault): Promise<void> {
  const phase = await lab.phase({ action: 'trial', breaker: breaker.name, fault: labelOf(fault) });
  const { answered } = await beginCall(breaker, { phase }, [fault]);
  await answered;
  await lab.heal(breaker.upstream);
}

async function recover(breaker: Breaker, { id }: Begun): Promise<void> {
  await close(breaker, await lab.phase({ when: 'recovery from', of: id }));
}

/**
 * Causes all failures but the last before each harmless fault. If the fault counted as a failure, the breaker would
 * open.
 */
async function endRows(breaker: Breaker, harmless: readonly Fault[], planned: Row<'harmless'>): Promise<void> {
  const { upstream, endpoint, opening } = breaker;
  const phase = await lab.phase({ ...planned, ...(await prime([breaker])) });
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
