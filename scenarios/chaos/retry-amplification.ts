import { Rate } from 'k6/metrics';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls, healFrom } from '../lib/break-calls.ts';
import {
  context,
  describedBreakers,
  type Fault,
  find,
  healthEndpoints,
  type Path,
  pathsToUpstreams,
} from '../lib/context.ts';
import { type FailingCall, failOnce, longEnough, phaseOf, promisesNoRows, untilClosed } from '../lib/failing-call.ts';
import { isWaiting } from '../lib/failures.ts';
import { lab } from '../lib/lab.ts';
import { CALL_TIMEOUT } from '../lib/lasting.ts';
import { dilute, forgettingSeconds } from '../lib/prime.ts';
import { callWithRescue, rescuePhaseOf, rescuesFor } from '../lib/rescues.ts';
import { runOnce } from '../lib/run-once.ts';
import { call, isServed, TIMEOUT_SECONDS } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { failInVolleys, volleysFor } from '../lib/volleys.ts';
import { pause } from '../lib/wait.ts';
import { whileCalling } from '../lib/while-calling.ts';
import { isWorking } from '../lib/working.ts';

export { handleSummary } from '../lib/summary.ts';

/** Longer timeouts are not waited for, in seconds. */
const LONGEST_TIMEOUT = 10;

/** Returns the calls of an endpoint that fail. The failures last until healed, so that a retry fails as well. */
const failuresOf = (path: Path): FailingCall[] =>
  Object.entries(find(context.upstreams, path.upstream).callFailures)
    .filter(([, fault]) => (context.isBrief ? isBrief(fault) : mayWaitFor(path, fault)))
    .map(([name, fault]) => ({ ...path, name, fault, seconds: patience(path, fault) }));

const mayWaitFor = (path: Path, fault: Fault): boolean =>
  !isWaiting(fault) || isSaid(path) || timeoutOf(path) <= LONGEST_TIMEOUT;

/** Whether a failure takes no time: neither at the upstream, nor because it asks for a pause. */
const isBrief = (fault: Fault): boolean =>
  !isWaiting(fault) &&
  (!('retryAfter' in fault) || Object.values(fault.retryAfter as object).every((value) => value === 0));

/** The calls to try. To be brief, each upstream is called through one endpoint. */
const PATHS = pathsToUpstreams().filter(
  ({ upstream }, index, all) => !context.isBrief || all.findIndex((path) => path.upstream === upstream) === index,
);

/** Whether the contract says how often a call is made that times out. */
function isSaid({ upstream }: Path): boolean {
  const { on = [], never } = find(context.upstreams, upstream).calls;
  return [...on, ...never].includes('timeout');
}

/** Returns the promised time in which a call ends if an upstream hangs, in seconds, or +∞. A stream has other timeouts. */
function timeoutOf({ endpoint, upstream }: Path): number {
  const { stream, onFault } = find(context.endpoints, endpoint);
  const promised = onFault.find(
    (promise) => promise.upstream === upstream && promise.fault.kind === 'hang',
  )?.withinSeconds;
  if (promised !== undefined) return promised;
  const guarding = describedBreakers().filter((breaker) => breaker.upstream === upstream);
  if (guarding.length === 0 || stream !== undefined) return Number.POSITIVE_INFINITY;
  return Math.max(...guarding.map(({ callTimeoutSeconds = Number.POSITIVE_INFINITY }) => callTimeoutSeconds));
}

const CALLS = PATHS.map((path) => ({
  path,
  failures: failuresOf(path),
  rescues: context.isBrief ? [] : rescuesFor(path, timeoutOf(path)),
  volleys: isJittered(path) && !context.isBrief ? volleysFor(path) : [],
}));

function isJittered({ upstream }: Path): boolean {
  return find(context.upstreams, upstream).calls.backoff?.jitter === true;
}

/** The estimated duration of a failing call, and of the waits for Retry-After in one more attempt, in seconds. */
const QUICK = 0.3;
const RETRY_AFTER = 4.5;

export const proof: Proof = {
  about:
    'Upstreams fail, with all kinds of values in Retry-After. Each call makes as many attempts as promised (one by ' +
    'default), a good attempt rescues the call, no caller waits long or gets a false success, and the service never ' +
    'freezes.',
  judges: 'retries',
  clients: 1,
  seconds:
    2 +
    CALLS.reduce((sum, call) => sum + secondsOf(call), 0) +
    forgettingSeconds(CALLS.flatMap(({ path, failures }) => [path, ...failures])),
  patienceSeconds: CALLS.flatMap(({ failures, rescues }) => [...failures, ...rescues]).reduce(
    (sum, { seconds = TIMEOUT_SECONDS }) => sum + seconds,
    0,
  ),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'upstream-attempts',
    'calls-rescued',
    'rescued-answers',
    'attempts-apart',
    'backoff-bounded',
    'backoff-jittered',
    'faults-answered',
    'faults-answered-in-time',
    'failed-calls-store-nothing',
    'timed-out-calls-end',
    'health-while-calls-fail',
    'recovers',
  ],
  plan: CALLS.flatMap(({ failures, rescues, volleys }) => [
    ...failures.map(phaseOf),
    ...rescues.map(rescuePhaseOf),
    ...volleys,
  ]),
};

const hasRetries = ({ upstream }: Path): boolean => find(context.upstreams, upstream).calls.attempts > 1;

/** Returns how many seconds a caller waits: enough to notice a late response. Undefined for the default. */
function patience(path: Path, fault: Fault): number | undefined {
  if (isWaiting(fault)) return isSaid(path) ? undefined : longEnough(timeoutOf(path));
  const { upstream } = path;
  const { attempts, budgetSeconds = 5 * attempts } = find(context.upstreams, upstream).calls;
  return longEnough(budgetSeconds);
}

function secondsOf({ path, failures, rescues, volleys }: (typeof CALLS)[number]): number {
  const { attempts, retryAfter, backoff } = find(context.upstreams, path.upstream).calls;
  const pauses = rescues.reduce((sum, rescue) => sum + rescue.failures, volleys.length * 2);
  const backoffs = pauses * (backoff?.minSeconds ?? 0);
  const waiting =
    failures.filter(({ fault }) => isWaiting(fault)).length +
    rescues.filter(({ fault }) => isWaiting(fault)).reduce((sum, rescue) => sum + rescue.failures, 0);
  return (
    (failures.length + rescues.length + 1) * QUICK +
    waiting * CALL_TIMEOUT +
    (retryAfter ? (attempts - 1) * RETRY_AFTER : 0) +
    backoffs
  );
}

/** Time between two calls to /health, in milliseconds. */
const HEALTH_MS = 50;

/** Number of milliseconds within which a retry that is delayed by a second arrives. */
const PUT_OFF_MS = 1_200;

const servedAgain = new Rate('served_once_healed');

export const options = runOnce({ thresholds: { served_once_healed: ['rate==1'] } });

export default async function (): Promise<void> {
  await steady('steady', { any: CALLS.map(({ path }) => path.endpoint) });
  await whileCalling(healthEndpoints(), HEALTH_MS, { about: 'health' }, failAll);
  await steady('steady again');
  if (promisesNoRows()) await lab.readLedger();
}

/** The time in which the remaining attempts of a call arrive once its connection has ended, in milliseconds. */
const STRAGGLERS_MS = 4_000;

/**
 * Waits until the client of an abandoned call has made its other attempts. Healing closes the connection of a hanging
 * request, and a client that was not told to stop then retries it.
 */
async function outlastStragglers({ upstream }: Path): Promise<void> {
  await lab.phase({ action: 'recovery by calls', upstream });
  await pause(STRAGGLERS_MS);
}

async function failAll(): Promise<void> {
  for (const { path, failures, rescues, volleys } of CALLS.filter((of) => isWorking(of.path.endpoint))) {
    for (const failing of failures) {
      const isBack = await failOnce(failing);
      servedAgain.add(isBack || (hasRetries(path) && (await untilClosed(path))));
      if (isWaiting(failing.fault) && hasRetries(path)) await outlastStragglers(path);
    }
    await refuseOnce(path);
    await pause(PUT_OFF_MS);
    for (const rescue of rescues) await callWithRescue(rescue);
    await failInVolleys(path, volleys);
  }
}

const REFUSED: Fault = { kind: 'refuse' };

/** Refuses the connection of a call, while /health is called: nothing else of it is judged, as it leaves no receipt. */
async function refuseOnce(path: Path): Promise<void> {
  const { upstream, endpoint } = path;
  const seconds = patience(path, REFUSED);
  await dilute(upstream, endpoint);
  const phase = await lab.phase({ action: 'no connection', upstream, endpoint });
  await breakCalls(upstream, REFUSED);
  await call(endpoint, { phase }, seconds === undefined ? {} : { seconds });
  await healFrom(upstream, REFUSED);
  const after = await lab.phase({ when: 'after', of: phase.id });
  const again = await call(endpoint, { phase: after });
  await dilute(upstream, endpoint);
  servedAgain.add(isServed(endpoint, again.status) || (hasRetries(path) && (await untilClosed(path))));
}
