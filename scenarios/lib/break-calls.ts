import { context, type Fault } from './context.ts';
import { isOnPort } from './failures.ts';
import { lab } from './lab.ts';
import { atMost, pause, times } from './wait.ts';

/** Whether an upstream is a TCP server or the database. */
const isTcp = (upstream: string): boolean => context.upstreams[upstream]?.protocol === 'tcp';

/**
 * Breaks the next calls to an upstream, or all calls until it is healed. A fault that acts on the port affects all
 * calls. Resolves when the fault is active.
 */
export async function breakCalls(upstream: string, fault: Fault, next?: number): Promise<void> {
  const counted = { ...fault, ...(next !== undefined && { next }) };
  await lab.fault(upstream, isOnPort(fault) ? fault : isTcp(upstream) ? ofCalls(counted) : counted);
}

/** How long a client may leave a server alone that refused a connection, in milliseconds. Varnish does so for 250 ms. */
const LEFT_ALONE_MS = 300;

/** Heals an upstream. Resolves when the next call must reach it. */
export async function healFrom(upstream: string, { kind }: Fault): Promise<void> {
  await lab.heal(upstream);
  if (kind === 'refuse') await pause(LEFT_ALONE_MS);
}

/** A delay that is longer than all waits of a script, in milliseconds. */
export const ENDLESS_MS = 600_000;

/** Delays the next responses of an upstream, or all of them until it is healed. */
export const slowDown = (upstream: string, milliseconds: number, next?: number): Promise<void> =>
  breakCalls(upstream, { kind: 'latency', milliseconds }, next);

/** The fault with which an upstream never responds. */
export const silence = (upstream: string): Fault => ({ kind: isTcp(upstream) ? 'blackhole' : 'hang' });

/**
 * Delays the next responses of an upstream beyond a call timeout. A TCP server's responses are held until the next call
 * arrives instead, because delays of calls that share a connection would add up.
 */
export const answerLate = (upstream: string, milliseconds: number, next: number): Promise<void> =>
  isTcp(upstream) ? breakCalls(upstream, silence(upstream), next) : slowDown(upstream, milliseconds, next);

/**
 * Breaks the next calls to an upstream, or all calls until it is healed, each with one of the faults. A TCP upstream
 * supports only one fault.
 */
export const breakEach = (upstream: string, faults: readonly Fault[], next?: number): Promise<void> => {
  const [first, second] = faults as [Fault, Fault?];
  const mix = { kind: 'mix', of: faults.map((fault) => ({ ...fault, weight: 1 })) };
  return breakCalls(upstream, second === undefined ? first : mix, next);
};

/** Returns how many different faults can break calls at the same time. */
export const mostAtOnce = (upstream: string, calls: number): number => (isTcp(upstream) ? 1 : calls);

/**
 * Makes n calls while faults act on their upstream, concurrently if possible. Calls that share a TCP connection would
 * fail together, so calls to a TCP upstream are made one after another. There are never more at once than the contract
 * promises, because the others would wait for their turn as well.
 */
export const whileBroken = <Result>(
  upstream: string,
  n: number,
  act: (index: number) => Promise<Result>,
): Promise<Result[]> =>
  isTcp(upstream) ? times(n, act) : atMost(context.upstreams[upstream]?.concurrency ?? n, n, act);

/** A delay counts once for each call, so it delays only the bytes to the server. */
const ofCalls = (fault: Fault): Fault => ({
  ...(fault.kind === 'latency' && { direction: 'to-server' }),
  ...fault,
  connections: 'calling',
});
