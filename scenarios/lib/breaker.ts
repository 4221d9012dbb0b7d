import type { Breaker, Fault } from './context.ts';
import { lab } from './lab.ts';
import { call, isServed } from './service.ts';
import { pause, times, together } from './wait.ts';

/** A failure that its caller learns of at once, so that a row of them is short. */
export const quickFailure = ({ failures }: Breaker): Fault => failures[failures.length - 1] as Fault;

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
