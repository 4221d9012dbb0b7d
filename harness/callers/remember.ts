/**
 * Returns a function that caches results by key for the given number of seconds. Concurrent calls share one result. An
 * undefined result is not cached.
 *
 * @param now Returns the time in milliseconds.
 */
export function remember<Result>(
  seconds: number,
  now: () => number = Date.now,
): (key: string, create: () => Promise<Result>) => Promise<Result> {
  const known = new Map<string, { until: number; result: Promise<Result> }>();
  return (key, create) => {
    const found = known.get(key);
    if (found && now() < found.until) return found.result;
    const result = create().then((value) => {
      if (value === undefined) known.delete(key);
      return value;
    });
    known.set(key, { until: now() + seconds * 1_000, result });
    return result;
  };
}
