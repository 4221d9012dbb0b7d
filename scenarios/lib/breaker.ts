import type { Begun } from '../../harness/contract/phases.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { breakCalls, whileBroken } from './break-calls.ts';
import { allBreakers, type Breaker, context, type Fault, find, promised } from './context.ts';
import { quickOf } from './failures.ts';
import { lab } from './lab.ts';
import { call, type Extra, isServed } from './service.ts';
import { pause, times, until } from './wait.ts';

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

/** Makes calls until one is served. If the upstream is healthy, that call is the next trial. */
export async function callUntilServed({ endpoint, recoverySeconds }: Breaker, phase: Begun): Promise<void> {
  const deadline = Date.now() + recoverySeconds * PATIENCE * 1_000;
  while (Date.now() < deadline) {
    const { status } = await call(endpoint, { phase });
    if (isServed(endpoint, status)) return;
    await pause(recoverySeconds * 20);
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

/**
 * Makes calls until one of them reaches the upstream, which applies the faults. Resolves when that call has arrived.
 * `answered` is its pending response, or undefined if no call arrived in time.
 */
export async function beginCall(
  { upstream, endpoint, recoverySeconds }: Pick<Breaker, 'upstream' | 'endpoint' | 'recoverySeconds'>,
  tags: ScriptTags,
  faults: Fault[],
  extra: Extra = {},
) {
  for (const fault of faults) await breakCalls(upstream, fault, 1);
  const before = await lab.arrivals(upstream);
  const deadline = Date.now() + recoverySeconds * 2_000;
  while (Date.now() < deadline) {
    let over = false;
    const answered = call(endpoint, tags, extra).then((response) => {
      over = true;
      return response;
    });
    const arrived = async () => (await lab.arrivals(upstream)) > before;
    await until(async () => over || (await arrived()), recoverySeconds * 2_000);
    if (await arrived()) return { answered };
    await pause(recoverySeconds * 20);
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
