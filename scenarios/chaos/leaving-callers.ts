import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls, ENDLESS_MS, slowDown } from '../lib/break-calls.ts';
import { beginCall, callUntilServed, failTogether, probe } from '../lib/breaker.ts';
import {
  type Breaker,
  context,
  describedBreakers,
  find,
  isServedWithout,
  type Path,
  pathsToUpstreams,
  promised,
} from '../lib/context.ts';
import { longEnough } from '../lib/failing-call.ts';
import { lab } from '../lib/lab.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { dilute, prime } from '../lib/prime.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { finishTrials } from '../lib/trials.ts';
import { pause, pauseUntil, together, until } from '../lib/wait.ts';
import { working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

interface CancelledPath extends Path {
  /** Seconds within which a call to the upstream ends after its caller has left. */
  readonly seconds: number;
}

/** The endpoints that promise to end their upstream calls, with each upstream that they reach. */
const PATHS = pathsToUpstreams().flatMap(({ endpoint, upstream }): CancelledPath[] => {
  const { withinSeconds } = context.endpoints[endpoint]?.cancels ?? {};
  return withinSeconds === undefined ? [] : [{ endpoint, upstream, seconds: withinSeconds }];
});
promised(PATHS[0], 'endpoint that ends its upstream calls if the caller leaves (cancels)');
const isOn = (path: Path) => (breaker: Breaker) =>
  breaker.endpoint === path.endpoint && breaker.upstream === path.upstream;
const BREAKERS = describedBreakers().filter((breaker) => PATHS.some((path) => isOn(path)(breaker)));
/** The breakers whose state the callers of their endpoints see. */
const TRIED = BREAKERS.filter(({ endpoint, upstream }) => !isServedWithout(endpoint, upstream));

/** Seconds after which callers leave at the latest. By that time, their calls have reached the upstream. */
const PATIENCE = 1;
/**
 * The shares of the time that a call lasts if its caller stays, after which callers leave at the earliest and at the
 * latest. If a short timeout of the service ended the calls before, the breaker would rightly count them.
 */
const EARLIEST = 0.25;
const LATEST = 0.5;
/**
 * A call that is not cancelled is noticed only if the service's timeout ends it at least this many seconds after the
 * promised time.
 */
const NOTICED = 0.25;
/** How much longer a call must last if its caller stays, compared with the calls of callers who leave. */
const LONGER = 1.5;
/**
 * The minimum number of callers who leave. A service with fewer slots than that would have none left. If the number of
 * slots is promised, no more callers leave, because further ones would wait for a turn, and might lose it when they
 * leave.
 */
const LEAVERS = 20;
/** When the script checks which calls have ended, in milliseconds after they must have ended. */
const LATER_MS = 500;
/**
 * How much longer it waits for calls that have not ended, in milliseconds and as a multiple of the promised time. The
 * machine may have delayed their end by as much. A service that keeps its promise does not wait.
 */
const NOISE_MS = 4_000;
const NOISE = 1;
/** The share of a recovery timeout after which the next calls are made. */
const SOON = 0.3;
/** When the trial is made, in milliseconds after the recovery timeout. */
const LATE_MS = 300;

/**
 * Seconds after which a caller leaves while its call waits for another attempt, and how much later than the promised
 * time that attempt comes.
 */
const IMPATIENCE = 0.2;
const LATER = 0.3;

/** The phases of a path in which callers leave or stay. */
type Action = 'stays' | 'left' | 'left again' | 'stays for a retry' | 'left before a retry';
const at = <Name extends Action>(action: Name, { endpoint, upstream }: Path) =>
  ({ action, endpoint, upstream }) as Extract<PlannedAction, { action: Name }>;

const staySeconds = ({ seconds }: CancelledPath): number => (PATIENCE + seconds) * LONGER;
const longest = Math.max(...PATHS.map(({ seconds }) => seconds));

export const proof: Proof = {
  about:
    'Callers leave while their calls wait for an upstream or for another attempt. These calls end soon and are not ' +
    'repeated, the next callers are served, and an abandoned trial does not keep a breaker half-open.',
  judges: 'callers who leave',
  clients: 1,
  seconds:
    2 +
    PATHS.length * (3.5 * (PATIENCE + longest) + 1) +
    PATHS.reduce((sum, path) => sum + 2 * (retrySeconds(path) ?? 0), 0) +
    TRIED.length * (PATIENCE + longest + 2 * RECOVERY),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'abandoned-calls-end',
    'abandoned-calls-not-repeated',
    'abandoned-calls-count-nothing',
    'abandoned-trial-ends',
    'recovers',
  ],
  plan: PATHS.flatMap((path) => [
    ...(['stays', 'left', 'left again'] as const).map((action) => at(action, path)),
    ...(['stays for a retry', 'left before a retry'] as const)
      .filter(() => retrySeconds(path) !== undefined)
      .map((action) => at(action, path)),
  ]),
};

export default async function (): Promise<void> {
  await steady('steady', { any: PATHS.map(({ endpoint }) => endpoint) });
  for (const path of working(PATHS)) {
    const patience = patienceOf(path, await stay(path));
    await leave(path, patience);
    await leaveBeforeRetry(path);
    for (const breaker of TRIED.filter(isOn(path))) await leaveInTrial(breaker, patience);
  }
  await steady('steady again');
}

/** Returns the seconds after which callers leave, given the duration in seconds of a call whose caller stays. */
const patienceOf = ({ seconds }: CancelledPath, lasted: number): number =>
  Math.min(PATIENCE, lasted * LATEST, Math.max(lasted * EARLIEST, lasted - seconds - NOTICED));

/** Keeps an endpoint's calls waiting. A stream begins, unless its timeout would end it before the caller leaves. */
function keepWaiting({ endpoint, upstream }: Path): Promise<void> {
  const { stream } = context.endpoints[endpoint] ?? {};
  const { stallSeconds = Number.POSITIVE_INFINITY } = stream ?? {};
  const hasBegun = stream !== undefined && stallSeconds > PATIENCE * LONGER;
  return hasBegun ? breakCalls(upstream, { kind: 'stall', events: 1 }) : slowDown(upstream, ENDLESS_MS);
}

/** Makes one call whose caller stays, to see when the service gives up by itself. Returns how many seconds it took. */
async function stay(path: CancelledPath): Promise<number> {
  const { endpoint, upstream } = path;
  const phase = await lab.phase(at('stays', path));
  await keepWaiting(path);
  const began = Date.now();
  await call(endpoint, { phase }, { seconds: staySeconds(path) });
  const lasted = (Date.now() - began) / 1_000;
  await pauseUntil(began + staySeconds(path) * 1_000 + LATER_MS);
  await lab.heal(upstream);
  // A success resets the count of consecutive failures.
  await call(endpoint, { phase: await lab.phase({ when: 'after', of: phase.id }) });
  return lasted;
}

/** Lets callers leave twice, and makes calls that must be served: when all calls must have ended, and soon. */
async function leave(path: CancelledPath, patience: number): Promise<void> {
  const { seconds } = path;
  const breaker = BREAKERS.find(isOn(path));
  await leaveOnce(path, 'left', { breaker, patience, waitMs: seconds * 1_000 + LATER_MS });
  // A breaker that has opened would still be open.
  const soonMs = Math.min(seconds, (breaker?.recoverySeconds ?? seconds) * SOON) * 1_000;
  await leaveOnce(path, 'left again', { breaker, patience, waitMs: soonMs });
}

interface Leaving {
  readonly breaker: Breaker | undefined;
  /** Seconds after which the callers leave. */
  readonly patience: number;
  /** How long to wait afterwards, in milliseconds. */
  readonly waitMs: number;
}

async function leaveOnce(
  path: CancelledPath,
  action: 'left' | 'left again',
  { breaker, patience, waitMs }: Leaving,
): Promise<void> {
  const { endpoint, upstream } = path;
  const primed = breaker && (await prime([breaker]));
  const phase = await lab.phase({ ...at(action, path), ...primed });
  await keepWaiting(path);
  const before = await lab.arrivals(upstream);
  const open = await lab.inProgress(upstream);
  const { concurrency = LEAVERS } = find(context.upstreams, upstream);
  const leavers = Math.max(concurrency, (breaker?.opening.failures ?? 0) + 1);
  await together(leavers, () => call(endpoint, { phase, about: 'leaver' }, { seconds: patience }));
  const abandoned = (await lab.arrivals(upstream)) - before;
  await pause(waitMs);
  if (action === 'left') await untilEnded(path, open);
  await lab.heal(upstream);
  if (breaker && abandoned > 0) await failTheRest(breaker, abandoned, phase);
  const after = await lab.phase({ when: 'after', of: phase.id });
  await together(3, () => call(endpoint, { phase: after }));
}

/** Waits until no more calls than before are in progress at an upstream, for as long as the machine may delay them. */
const untilEnded = ({ upstream, seconds }: CancelledPath, before: number): Promise<boolean> =>
  until(async () => (await lab.inProgress(upstream)) <= before, seconds * 1_000 * NOISE + NOISE_MS);

/**
 * Makes enough calls fail to open a breaker that has counted the abandoned calls. If the service limits its calls to
 * the upstream, fewer of them are abandoned at once than failures open the breaker.
 */
async function failTheRest(breaker: Breaker, abandoned: number, { id }: Begun): Promise<void> {
  const rest = breaker.opening.failures - abandoned;
  if (rest <= 0 || !breaker.isJudged) return;
  await failTogether(breaker, rest, await lab.phase({ when: 'failed after', of: id }));
}

/**
 * Returns the seconds until a failed call is repeated, so that it certainly is if its caller stays. Undefined if the
 * contract promises no such retries, or a shorter time for all attempts.
 */
function retrySeconds({ upstream, seconds }: CancelledPath): number | undefined {
  const { attempts, on = [], retryAfter, budgetSeconds = 5 * attempts } = find(context.upstreams, upstream).calls;
  const isRepeated = attempts > 1 && on.some((failure) => typeof failure === 'number' || failure === '5xx');
  const wait = IMPATIENCE + seconds + LATER;
  const whole = retryAfter === undefined ? wait : Math.ceil(wait);
  return isRepeated && whole < budgetSeconds ? whole : undefined;
}

/**
 * Lets a caller leave before its failed call is repeated. The next attempt comes after the Retry-After if the service
 * promises to obey it. Otherwise, the upstream takes that long to fail.
 */
async function leaveBeforeRetry(path: CancelledPath): Promise<void> {
  const { endpoint, upstream } = path;
  const seconds = retrySeconds(path);
  if (seconds === undefined) return;
  const fail = async (next?: number) => {
    const { retryAfter } = find(context.upstreams, upstream).calls;
    if (retryAfter === undefined) await slowDown(upstream, seconds * 1_000, next);
    const failure = find(context.upstreams, upstream).repeatedFailure;
    await breakCalls(upstream, { ...failure, ...(retryAfter && { retryAfter: { seconds } }) }, next);
  };
  await dilute(upstream, endpoint);
  const stays = await lab.phase(at('stays for a retry', path));
  await fail(1);
  const began = Date.now();
  await call(endpoint, { phase: stays }, { seconds: longEnough(seconds) });
  const lasted = Date.now() - began;
  await lab.heal(upstream);
  await dilute(upstream, endpoint);
  const open = await lab.inProgress(upstream);
  const left = await lab.phase(at('left before a retry', path));
  await fail();
  await call(endpoint, { phase: left, about: 'leaver' }, { seconds: IMPATIENCE });
  await pause(Math.max(lasted, seconds * 1_000) + LATER_MS);
  await untilEnded(path, open);
  await lab.heal(upstream);
  // A success resets the count of consecutive failures.
  await call(endpoint, { phase: await lab.phase({ when: 'after', of: left.id }) });
}

/** Opens a breaker and abandons all of its trials. Then the upstream is healthy, and calls must be served again. */
async function leaveInTrial(breaker: Breaker, patience: number): Promise<void> {
  const { name, upstream, endpoint, recoverySeconds, opening, trying } = breaker;
  const { withinSeconds = 0 } = context.endpoints[endpoint]?.cancels ?? {};
  const opens = await lab.phase({ action: 'opened for trial', breaker: name, ...(await prime([breaker])) });
  await failTogether(breaker, opening.failures, opens);
  const opened = Date.now();
  const phase = await lab.phase({ action: 'left in trial', breaker: name });
  await probe(breaker, phase);
  await pauseUntil(opened + recoverySeconds * 1_000 + LATE_MS);
  await slowDown(upstream, ENDLESS_MS);
  const leaver = { phase, about: 'leaver' };
  const { answered } = await beginCall(breaker, leaver, [], { seconds: patience });
  await together((trying.most ?? 1) - 1, () => call(endpoint, leaver, { seconds: patience }));
  await answered;
  await pause(withinSeconds * 1_000 + LATER_MS);
  await lab.heal(upstream);
  const after = await lab.phase({ when: 'after', of: phase.id });
  await callUntilServed(breaker, after);
  await finishTrials(breaker, after);
}
