/** Thrown if an object is read too often. */
export class TooManyReads extends Error {
  override readonly name = 'TooManyReads';
}

/**
 * Limits how often programs read the fields of objects, and thereby how long they can take. A schema of a few lines can
 * describe a value with millions of fields.
 *
 * @param most After so many reads, each further one throws `TooManyReads`.
 * @returns `limit`, which returns an object whose reads, and those of all objects in it, are counted; and `end`, after
 * which they are no longer counted.
 */
export function limitReads(most: number) {
  let left = most;
  const known = new WeakMap<object, object>();
  const limit = <Value>(value: Value): Value => {
    if (typeof value !== 'object' || value === null) return value;
    // Programs that look for circles compare objects.
    const proxy = known.get(value) ?? new Proxy(value, { get });
    known.set(value, proxy);
    return proxy as Value;
  };
  function get(target: object, field: PropertyKey, receiver: unknown): unknown {
    left -= 1;
    if (left < 0) throw new TooManyReads(`more than ${most} fields were read`);
    return limit(Reflect.get(target, field, receiver));
  }
  const end = (): void => {
    left = Number.POSITIVE_INFINITY;
  };
  return { limit, end };
}
