import { context, type Fault } from './context.ts';

const effectOf = ({ kind }: Fault) => context.faultEffects[kind];

/** Whether the fault acts on the port. The others act on a number of requests. */
export const isOnPort = (fault: Fault): boolean => effectOf(fault) === 'port';

/** Whether the fault keeps a caller waiting until its timeout. */
export const isWaiting = (fault: Fault): boolean => effectOf(fault) === 'waits';

/** Whether the fault fails single requests, each as soon as it arrives. */
export const isQuick = (fault: Fault): boolean => ['fails', 'stream'].includes(effectOf(fault) ?? '');

/**
 * Returns the failure to use if a call must fail at once: preferably a status, because the connection outlives it, and
 * a fault of streams only if there is no other. The contract has at least one.
 */
export function quickOf(failures: readonly Fault[]): Fault {
  const quick = failures.filter(isQuick);
  return (quick.find(({ kind }) => kind === 'status') ??
    quick.findLast((fault) => effectOf(fault) !== 'stream') ??
    quick.at(-1)) as Fault;
}

/**
 * Returns `length` failures of the contract's kinds in turn, from the one with index `first`. At most one keeps its
 * caller waiting, so that all of them take one call timeout at most.
 */
export function failureRow(failures: readonly Fault[], length: number, first = 0): Fault[] {
  const single = failures.filter((fault) => !isOnPort(fault));
  const quick = single.filter(isQuick);
  let hasWaited = false;
  return Array.from({ length }, (_, index) => {
    const fault = single[(first + index) % single.length] as Fault;
    if (isQuick(fault)) return fault;
    if (hasWaited) return quick[index % quick.length] as Fault;
    hasWaited = true;
    return fault;
  });
}
