import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { breakCalls } from './break-calls.ts';
import { quickFailure } from './breaker.ts';
import { type Breaker, context, describedBreakers, isServedWithout, promised } from './context.ts';
import { CROWD, stayRefusedInCrowd } from './crowd.ts';
import { hang, type Timeout } from './hanging-calls.ts';
import { widthOf } from './held-calls.ts';
import { lab } from './lab.ts';
import { look, WATCH_SECONDS, watched } from './look.ts';
import { noteRefusal, send } from './refusals.ts';
import { runOnce } from './run-once.ts';
import { call } from './service.ts';
import { atMost, pause, pauseUntil, times } from './wait.ts';
import { awaitRoom, IS_GRADUAL } from './windows.ts';

const LIMITS = Object.keys(context.limits);
const TIMEOUTS = context.timeouts;
/**
 * Rate-based breakers are excluded, because opening one needs more calls than the limits may allow. So are those whose
 * failures may all be repeated, whose calls are served by another upstream, or count toward a limit for all clients,
 * which has been used up.
 */
const BREAKERS = describedBreakers().filter(
  ({ isJudged, threshold, endpoint, upstream }) =>
    isJudged &&
    threshold !== undefined &&
    !isServedWithout(endpoint, upstream) &&
    context.limits[endpoint]?.clients !== 'together',
);
promised(
  LIMITS[0] ?? TIMEOUTS[0] ?? BREAKERS[0],
  'limit in this profile, no timeout of calls that are attempted once, and no breaker with a threshold',
);

/**
 * Number of requests in a burst beyond the limit, and number of concurrent requests. Both are small, because the bursts
 * of all limits run together.
 */
const [BEYOND, IN_FLIGHT] = [10, 2];
/** The number of calls to a used-up limit, and to an open breaker, while it is watched. */
const LOOKS = 6;
/** How many seconds after the recovery timeout a trial must be allowed, and how many calls may be that trial. */
const [TRIAL_AFTER, TRIALS] = [0.5, 4];
/** A hanging call that ends sooner than this many seconds could end while a breaker opens, and would count. */
const SOON = 5;
/** The estimated duration of two restarts, in seconds. */
const RESTARTS = 3;
/** How long after its request has arrived a call is certainly in progress, in milliseconds. */
const RECEIVED_MS = 200;
/** The signal that calls hang, so that no call of a burst meets a fault that is meant for them. */
const CALLS_HANG = 'calls hang';

/**
 * A call that lasts longer than the service may take to exit, because its timeout is longer. With shorter timeouts, as
 * in other profiles, a service exits in time even if it waits for all calls. It needs a further client, of which a
 * contract with keys or users may have too few.
 */
const LASTING =
  context.startedByLab && context.client !== 'key' && context.client !== 'user'
    ? TIMEOUTS.find(({ seconds }) => seconds > (context.termination?.graceSeconds ?? Number.POSITIVE_INFINITY))
    : undefined;

/**
 * One client for each limit, one for timeouts and breakers, one beside a crowd, and one that calls while the service
 * ends.
 */
export const numbersClients = LIMITS.length + 1 + CROWD.length + (LASTING ? 1 : 0);

/** The signals that nobody else uses the service any more. */
const isOver = (of: string): string => `${of} is over`;
const BREAKERS_OF_ALL = 'watching breakers';
const CROWD_OF_ALL = 'the crowd';
/** How long to wait for each of them, in milliseconds. */
const OVER_MS = 110_000;

/** The estimated duration: the hanging calls that are waited for, the bursts, and the time to watch. */
export const numbersSeconds =
  Math.max(
    ...TIMEOUTS.map(({ seconds }) => seconds + 1),
    3 + longest(TIMEOUTS.map(({ seconds }) => (seconds > SOON ? 0 : seconds))) + longest(watchTimes()),
  ) + (LASTING ? RESTARTS + (context.termination?.graceSeconds ?? 0) : 0);

/** The phase in which the service ends, for the plan of a scenario. */
export const numbersPlan: PlannedAction[] = [
  ...CROWD,
  ...(LASTING ? [{ action: 'calls hang at SIGTERM' } as const] : []),
];

export const NUMBERS_HOLD: string[] = [
  'rate-limit-admits-exactly-once',
  'rate-limit-holds',
  'rate-limit-bucket',
  'rate-limit-weighted',
  'rate-limit-retry-after',
  'rate-limit-in-a-crowd',
  'specified-timeouts',
  'specified-recovery',
  'ends-when-told-to',
];

export const numbersOptions = runOnce({ clients: numbersClients });

/**
 * The function of each VU. The first ones use up a limit, and watch it. The next one makes calls hang in the meantime,
 * opens the breakers when the bursts are over, and watches them. If there is another one, it ends the service.
 */
export async function useNumbers(): Promise<void> {
  const limit = LIMITS[__VU - 1];
  if (limit !== undefined) return useUp(limit);
  if (__VU === LIMITS.length + 1) return hangAndOpenBreakers();
  return LASTING && __VU === numbersClients ? endDuring(LASTING) : beInCrowd();
}

async function useUp(limit: string): Promise<void> {
  await lab.awaitSignal(CALLS_HANG, 60_000);
  const { max = 0, windowSeconds = 0 } = context.limits[limit] ?? {};
  await awaitRoom(windowSeconds * 1_000, watched(windowSeconds) * 1_000);
  const began = Date.now();
  await atMost(widthOf(limit, IN_FLIGHT), max + BEYOND, () => send(limit, 'first window'));
  await lab.signal(`${limit} is done`);
  if (!IS_GRADUAL) await look(LOOKS, began, windowSeconds, () => send(limit, 'over'));
  await lab.signal(isOver(limit));
}

/** Comes with a crowd while the used-up limits are watched. */
async function beInCrowd(): Promise<void> {
  for (const limit of LIMITS) await lab.awaitSignal(`${limit} is done`, 60_000);
  for (const crowd of CROWD) await stayRefusedInCrowd(crowd);
  await lab.signal(isOver(CROWD_OF_ALL));
}

/**
 * Restarts the service while a call lasts longer than it may take to exit, when all others are over. A restart before
 * that closes the breakers.
 */
async function endDuring(lasting: Timeout): Promise<void> {
  const all = [...LIMITS, BREAKERS_OF_ALL, ...CROWD.map(() => CROWD_OF_ALL)];
  for (const each of all) await lab.awaitSignal(isOver(each), OVER_MS);
  await lab.restartService('SIGKILL');
  const phase = await lab.phase({ action: 'calls hang at SIGTERM' });
  const { ended } = await hang(lasting, { phase, about: 'hanging' });
  await pause(RECEIVED_MS);
  await lab.restartService(context.termination?.signal ?? 'SIGTERM');
  await ended;
}

async function hangAndOpenBreakers(): Promise<void> {
  const hanging: { ended: Promise<unknown>; isSoon: boolean }[] = [];
  for (const timeout of TIMEOUTS) hanging.push({ ...(await hang(timeout)), isSoon: timeout.seconds <= SOON });
  await lab.signal(CALLS_HANG);
  for (const limit of LIMITS) await lab.awaitSignal(`${limit} is done`, 60_000);
  await Promise.all(hanging.filter(({ isSoon }) => isSoon).map(({ ended }) => ended));
  const opened: [Breaker, number][] = [];
  for (const breaker of BREAKERS) opened.push([breaker, await open(breaker)]);
  await Promise.all(opened.map(([breaker, at]) => watch(breaker, at)));
  // One after another, because the trials of two breakers could coincide.
  for (const [breaker, at] of opened.filter(([{ recoverySeconds }]) => mayRecover(recoverySeconds))) {
    await tryAgain(breaker, at);
  }
  await Promise.all(hanging.map(({ ended }) => ended));
  await lab.signal(isOver(BREAKERS_OF_ALL));
}

/** Opens a breaker with exactly the promised failures. Returns when the last one had ended. */
async function open(breaker: Breaker): Promise<number> {
  const { name, upstream, endpoint, opening, refusal } = breaker;
  // A call that hung may have counted. A success resets the count.
  await call(endpoint, { about: `before failures of ${name}` });
  // Healing the upstream would end the calls that hang there.
  await breakCalls(upstream, quickFailure(breaker), opening.failures);
  await times(opening.failures, () => call(endpoint, { about: `failure of ${name}` }));
  const at = Date.now();
  const tags: ScriptTags = { about: `recovery of ${name}` };
  const response = await call(endpoint, tags);
  if (response.status === refusal) noteRefusal(response, tags, breaker.refusalAnswer);
  return at;
}

/** Calls while the breaker should be open. */
async function watch({ name, endpoint, recoverySeconds, opening }: Breaker, openedAt: number): Promise<void> {
  const { max = Number.POSITIVE_INFINITY } = context.limits[endpoint] ?? {};
  const used = opening.failures + 2 + TIMEOUTS.filter((timeout) => timeout.endpoint === endpoint).length;
  const looks = Math.max(1, Math.min(LOOKS, max - used - TRIALS));
  await look(looks, openedAt, recoverySeconds, () => call(endpoint, { about: `look at ${name}` }));
}

/** Calls after the recovery timeout until a call reaches the upstream. */
async function tryAgain({ name, endpoint, upstream, recoverySeconds }: Breaker, openedAt: number): Promise<void> {
  const before = await lab.arrivals(upstream);
  for (let turn = 1; turn <= TRIALS && (await lab.arrivals(upstream)) === before; turn += 1) {
    await pauseUntil(openedAt + (recoverySeconds + turn * TRIAL_AFTER) * 1_000);
    await call(endpoint, { about: `trial of ${name}` });
  }
}

/** Whether a recovery timeout ends while it is watched. */
function mayRecover(recoverySeconds: number): boolean {
  return recoverySeconds + TRIAL_AFTER <= WATCH_SECONDS;
}

function watchTimes(): number[] {
  return [
    ...Object.values(context.limits).map(({ windowSeconds }) => watched(windowSeconds)),
    ...BREAKERS.map(({ recoverySeconds: seconds }) => (mayRecover(seconds) ? seconds + TRIAL_AFTER : WATCH_SECONDS)),
  ];
}

function longest(seconds: number[]): number {
  return Math.max(0, ...seconds);
}
