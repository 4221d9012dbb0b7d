import { type Breaker, breakerNames, context, type Fault, promised } from './context.ts';
import { quickOf } from './faults/fault-kinds.ts';
import { lab } from './lab.ts';
import { call, isServed, type Tags } from './service.ts';
import { pause, times, together, until } from './wait.ts';

/** A failure that its caller learns of at once, so that a row of them is short. */
export const quickFailure = ({ failures }: Breaker): Fault => quickOf(failures) as Fault;

/** n failures at once, all of them begun before the first has ended. */
export async function failTogether(breaker: Breaker, n: number, phase: string): Promise<void> {
  await lab.fault(breaker.upstream, { ...quickFailure(breaker), next: n });
  await together(n, () => call(breaker.endpoint, { phase, about: 'failure' }));
}

/** A few calls, one after the other: they tell whether the breaker is open. */
export const probe = ({ endpoint }: Breaker, phase: string) =>
  times(3, () => call(endpoint, { phase, about: 'probe' }));

/** Calls again and again until one is served: the next trial, where the upstream is healthy. */
export async function callUntilServed({ endpoint, recoverySeconds }: Breaker, phase: string): Promise<void> {
  const deadline = Date.now() + recoverySeconds * 2_000;
  while (Date.now() < deadline) {
    const { status } = await call(endpoint, { phase });
    if (isServed(endpoint, status)) return;
    await pause(recoverySeconds * 20);
  }
}

/**
 * Calls again and again until a call reaches the upstream, where the faults await it; answers when it has arrived. `answered` is
 * its answer to come, and undefined where none reached it in time.
 */
export async function beginCall({ upstream, endpoint, recoverySeconds }: Breaker, tags: Tags, faults: Fault[]) {
  for (const fault of faults) await lab.fault(upstream, { ...fault, next: 1 });
  const before = await lab.arrivals(upstream);
  const deadline = Date.now() + recoverySeconds * 2_000;
  while (Date.now() < deadline) {
    let over = false;
    const answered = call(endpoint, tags).then((response) => {
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

/** All breakers by name, each with what the contract says of its call's timeout. */
export function breakersWithTimeout(): [name: string, Breaker, timeoutMs: number][] {
  breakerNames();
  const found = Object.entries(context.breakers).flatMap(([name, breaker]): [string, Breaker, number][] =>
    breaker.callTimeoutSeconds === undefined ? [] : [[name, breaker, breaker.callTimeoutSeconds * 1_000]],
  );
  promised(found[0], 'callTimeoutSeconds of any breaker in this profile');
  return found;
}
