/** Thrown if an object is read too often. */
export class TooManyReads extends Error {
  override readonly name = 'TooManyReads';
}

/**
 * Limits the number of times that a program reads fields of objects, and so its duration. A schema of a few lines can
 * describe a value with millions of fields.
 *
 * @param most The number of reads, after which each further one throws `TooManyReads`.
 * @param instead Returns what to read instead of an object's field, or undefined to read the field.
 * @returns `limit`, which returns an object whose reads are counted, including those of nested objects; and `end`,
 * which stops the counting.
 */
export function limitReads(most: number, instead: (target: object, field: PropertyKey) => unknown = () => undefined) {
  let left = most;
  const known = new WeakMap<object, object>();
  const limit = <Value>(value: Value): Value => {
    if (typeof value !== 'object' || value === null) return value;
    // Programs that detect cycles compare objects.
    const proxy = known.get(value) ?? new Proxy(value, { get });
    known.set(value, proxy);
    return proxy as Value;
  };
  function get(target: object, field: PropertyKey, receiver: unknown): unknown {
    left -= 1;
    if (left < 0) throw new TooManyReads(`more than ${most} fields were read`);
    return limit(instead(target, field) ?? Reflect.get(target, field, receiver));
  }
  const end = (): void => {
    left = Number.POSITIVE_INFINITY;
  };
  return { limit, end };
}
