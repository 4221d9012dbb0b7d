/** A fault, as far as this module looks at it. */
interface Fault {
  kind: string;
}

/** Kinds that act on the port, on whatever comes to it; the others act on so many requests. */
export const ON_PORT: readonly string[] = ['refuse', 'certificate'];

/** Kinds that keep a caller waiting until it gives up. */
export const WAITING: readonly string[] = ['hang', 'stall', 'latency', 'latency-ramp', 'slow-first-token'];

/** Kinds that leave every answer as it is that is not a stream. */
const ON_STREAMS: readonly string[] = ['cut-stream', 'missing-done', 'error-in-stream'];

/** Whether the fault fails single requests, each as soon as it comes. */
export const isQuick = ({ kind }: Fault): boolean => !ON_PORT.includes(kind) && !WAITING.includes(kind);

/**
 * The failure to use where a call has to fail at once, whatever the order of the list: an answer of the upstream if there is one,
 * since the connection outlives that, and a fault of streams only if there is nothing else. Undefined if none fails a call at once.
 */
export function quickOf<Kind extends Fault>(failures: readonly Kind[]): Kind | undefined {
  const quick = failures.filter(isQuick);
  return (
    quick.find(({ kind }) => kind === 'status') ??
    quick.findLast(({ kind }) => !ON_STREAMS.includes(kind)) ??
    quick.at(-1)
  );
}

/**
 * A row of failures, of the contract's kinds in turn, beginning with its n-th. At most one keeps its caller waiting, so that a
 * row takes one call timeout at most.
 */
export function failureRow<Kind extends Fault>(failures: readonly Kind[], length: number, first = 0): Kind[] {
  const single = failures.filter(({ kind }) => !ON_PORT.includes(kind));
  const quick = single.filter(isQuick);
  let hasWaited = false;
  return Array.from({ length }, (_, index) => {
    const fault = single[(first + index) % single.length] as Kind;
    if (isQuick(fault)) return fault;
    if (hasWaited) return quick[index % quick.length] as Kind;
    hasWaited = true;
    return fault;
  });
}
