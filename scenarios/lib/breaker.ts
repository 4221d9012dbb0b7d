import type { Begun } from '../../harness/contract/phases.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { breakCalls, whileBroken } from './break-calls.ts';
import { allBreakers, type Breaker, context, type Fault, find, promised } from './context.ts';
import { quickOf } from './failures.ts';
import { lab } from './lab.ts';
import { call, type Extra, isServed } from './service.ts';
import { atMostFor, pause, times, until } from './wait.ts';

/** Returns a failure that the caller notices immediately, so that consecutive failures take little time. */
export const quickFailure = ({ failures }: Pick<Breaker, 'failures'>): Fault => quickOf(failures);

/** Makes n calls fail, simultaneously unless the upstream is a TCP server. */
export async function failTogether(breaker: Breaker, n: number, phase: Begun): Promise<void> {
  await breakCalls(breaker.upstream, quickFailure(breaker), n);
  await whileBroken(breaker.upstream, n, () => call(breaker.endpoint, { phase, about: 'failure' }));
}

/** Number of calls that find out whether a breaker is open. */
export const PROBES = 3;

/** Makes a few calls, one after another, to find out whether the breaker is open. */
export const probe = ({ endpoint }: Breaker, phase: Begun) =>
  times(PROBES, () => call(endpoint, { phase, about: 'probe' }));

/**
 * How long to call until a call is served, as a multiple of the recovery timeout. It shows how late a trial is whose
 * timeout has doubled or tripled.
 */
const PATIENCE = 3.5;

/** The pauses between calls to an open breaker, as shares of its recovery timeout: near its ends, and in between. */
const [OFTEN, SELDOM] = [0.02, 0.05];
/** The shares of the recovery timeout between which no trial is due: the calls began when the breaker opened, or later. */
const [FROM, UNTIL] = [0.1, 0.7];

/**
 * Waits before the next call to an open breaker. All calls show a trial that is early. Only calls when a trial is due
 * show how late it is.
 *
 * @param began When the calls began.
 */
function rest({ recoverySeconds }: Pick<Breaker, 'recoverySeconds'>, began: number): Promise<void> {
  const passed = (Date.now() - began) / 1_000 / recoverySeconds;
  return pause(recoverySeconds * 1_000 * (passed > FROM && passed < UNTIL ? SELDOM : OFTEN));
}

/** Makes calls until one is served. If the upstream is healthy, that call is the next trial. */
export async function callUntilServed(breaker: Breaker, phase: Begun): Promise<void> {
  const { endpoint, recoverySeconds } = breaker;
  const began = Date.now();
  while (Date.now() < began + recoverySeconds * PATIENCE * 1_000) {
    const { status } = await call(endpoint, { phase });
    if (isServed(endpoint, status)) return;
    await rest(breaker, began);
  }
  // If each refused call starts the recovery timeout again, only a call after a pause becomes a trial.
  await pause(recoverySeconds * 1_200);
  await call(endpoint, { phase });
}

/**
 * Makes calls one after another, up to a limit, until one doesn't reach the upstream. That is the first one if the
 * breaker is open. Returns how many reached it, and when the last of them had ended.
 */
export async function callUntilKeptAway({ upstream, endpoint }: Breaker, limit: number, tags: ScriptTags) {
  let ended = Date.now();
  let arrived = await lab.arrivals(upstream);
  let reached = 0;
  for (; reached < limit; reached += 1) {
    await call(endpoint, tags);
    const before = arrived;
    arrived = await lab.arrivals(upstream);
    if (arrived === before) break;
    ended = Date.now();
  }
  return { ended, reached };
}

/** How long a call may take until it is worth asking whether it has reached the upstream, in milliseconds. */
const REFUSED_MS = 10;

/**
 * Makes calls until one of them reaches the upstream, which applies the faults. Resolves when that call has arrived.
 * `answered` is its pending response, or undefined if no call arrived in time.
 */
export async function beginCall(
  breaker: Pick<Breaker, 'upstream' | 'endpoint' | 'recoverySeconds'>,
  tags: ScriptTags,
  faults: Fault[],
  extra: Extra = {},
) {
  const { upstream, endpoint, recoverySeconds } = breaker;
  for (const fault of faults) await breakCalls(upstream, fault, 1);
  const before = await lab.arrivals(upstream);
  const began = Date.now();
  while (Date.now() < began + recoverySeconds * 2_000) {
    let over = false;
    const answered = call(endpoint, tags, extra).then((response) => {
      over = true;
      return response;
    });
    const arrived = async () => (await lab.arrivals(upstream)) > before;
    await atMostFor(REFUSED_MS, answered);
    await until(async () => over || (await arrived()), recoverySeconds * 2_000);
    if (await arrived()) return { answered };
    await rest(breaker, began);
  }
  return { answered: undefined };
}

/** Returns all breakers whose calls time out after one attempt, with the timeout in milliseconds. */
export function breakersWithTimeout(): [Breaker, timeoutMs: number][] {
  const timed = allBreakers().flatMap((breaker): [Breaker, number][] =>
    breaker.callTimeoutSeconds === undefined ? [] : [[breaker, breaker.callTimeoutSeconds * 1_000]],
  );
  promised(timed[0], 'callTimeoutSeconds of any breaker in this profile');
  const found = timed.filter(([{ upstream }]) => find(context.upstreams, upstream).waitsOnce);
  promised(found[0], 'breaker with callTimeoutSeconds whose calls are never repeated after a timeout');
  return found;
}
