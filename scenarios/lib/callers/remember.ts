/**
 * Returns a function that remembers its results by a key for some time. Calls at the same time share one result; an
 * undefined one is not kept.
 *
 * @param now The time in milliseconds.
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
