import type { Vu } from '../vu/vu.ts';

/** Limits on the number of concurrent requests in one batch. */
interface BatchLimits {
  readonly all: number;
  /** Maximum number of concurrent requests per host and port. */
  readonly perHost: number;
}

interface BatchEntry<T> {
  readonly key: string;
  readonly host: string;
  start(): Promise<T>;
}

/**
 * Sends a batch of requests, each one as soon as the limits allow.
 *
 * @returns The responses by key, in the order of the requests.
 * @throws The error of the first request that failed, after all requests have finished
 */
export async function startBatch<T>(
  vu: Vu,
  entries: readonly BatchEntry<T>[],
  limits: BatchLimits,
): Promise<Map<string, T>> {
  const results = new Map<string, T>(entries.map(({ key }) => [key, undefined as T]));
  const failures: unknown[] = [];
  const waiting = [...entries];
  const inFlight = new Map<string, number>();
  let running = 0;
  const release = vu.loop.hold(() => {
    waiting.length = 0;
  });
  await new Promise<void>((resolve) => {
    const fill = () => {
      for (let next = takeNext(); next; next = takeNext()) run(next);
      if (running === 0 && waiting.length === 0) resolve();
    };
    const takeNext = (): BatchEntry<T> | undefined => {
      if (running >= limits.all) return undefined;
      const index = waiting.findIndex(({ host }) => (inFlight.get(host) ?? 0) < limits.perHost);
      return index < 0 ? undefined : waiting.splice(index, 1)[0];
    };
    const run = (entry: BatchEntry<T>) => {
      running += 1;
      inFlight.set(entry.host, (inFlight.get(entry.host) ?? 0) + 1);
      entry
        .start()
        .then(
          (response) => results.set(entry.key, response),
          (error: unknown) => failures.push(error),
        )
        .finally(() => {
          running -= 1;
          inFlight.set(entry.host, (inFlight.get(entry.host) ?? 1) - 1);
          fill();
        });
    };
    fill();
  }).finally(release);
  if (failures.length > 0) throw failures[0];
  return results;
}
