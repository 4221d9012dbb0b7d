import { context, type Fault } from './context.ts';

const effectOf = ({ kind }: Fault) => context.faultEffects[kind];

/** Whether the fault acts on the port. Other faults act on a given number of requests. */
export const isOnPort = (fault: Fault): boolean => effectOf(fault) === 'port';

/** Whether the fault keeps a caller waiting until its timeout. */
export const isWaiting = (fault: Fault): boolean => effectOf(fault) === 'waits';

/** Whether the fault fails individual requests as soon as they arrive. */
export const isQuick = ({ kind }: Fault): boolean => context.quickFaults.includes(kind);

/** Returns a fault's kind and its simple fields. */
export const labelOf = ({ kind, ...fields }: Fault, separator = ' '): string =>
  [kind, ...Object.values(fields).filter((field) => typeof field !== 'object')].join(separator);

/**
 * Returns the failure to use if a call must fail immediately. Prefers a status, because the connection stays open, and
 * uses a stream fault only if there is nothing else. The contract has at least one failure.
 */
export function quickOf(failures: readonly Fault[]): Fault {
  const quick = failures.filter(isQuick);
  return (quick.find(({ kind }) => kind === 'status') ??
    quick.findLast((fault) => effectOf(fault) !== 'stream') ??
    quick.at(-1)) as Fault;
}

/**
 * Returns at most `most` failures of different kinds to try as the result of a trial: client errors first, which a
 * breaker most easily takes for successes, then kinds other than a status, and then other statuses.
 */
export function trialFailures(failures: readonly Fault[], most: number): Fault[] {
  const isStatus = ({ kind }: Fault) => kind === 'status';
  const isClientError = ({ status }: Fault) => Number(status) < 500;
  const [statuses, others] = [failures.filter(isStatus), failures.filter((fault) => !isStatus(fault))];
  const ordered = [
    ...statuses.filter(isClientError),
    ...evenly(others, most),
    ...statuses.filter((fault) => !isClientError(fault)),
  ];
  return ordered.slice(0, most);
}

/** Returns at most `most` items, evenly spaced, because similar kinds are next to each other in contracts. */
const evenly = <Item>(items: readonly Item[], most: number): Item[] => {
  const step = Math.max(1, items.length / Math.max(1, most));
  return items.filter((_, index) => index === 0 || Math.floor(index / step) > Math.floor((index - 1) / step));
};

/**
 * Returns `length` failures, cycling through the contract's kinds from the index `first`. At most one of them keeps its
 * caller waiting, so that all of them together take at most one call timeout.
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
