/** A part of a contract, with its path. */
export interface Place {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

/** Returns all parts of a contract at a path such as `breakers.*.endpoint`, in which `*` stands for each item or entry. */
export const placesAt = (contract: object, at: string): Place[] => placesIn(contract, at.split('.'), []);

function placesIn(part: unknown, [step, ...rest]: readonly string[], path: readonly PropertyKey[]): Place[] {
  if (part === undefined) return [];
  if (step === undefined) return [{ path, value: part }];
  const keys = step === '*' ? keysOf(part) : [step];
  return keys.flatMap((key) => placesIn(valueAt(part, [key]), rest, [...path, key]));
}

function keysOf(part: unknown): (string | number)[] {
  if (Array.isArray(part)) return [...part.keys()];
  return typeof part === 'object' && part !== null ? Object.keys(part) : [];
}

/** Returns the value at a path in a part of a contract, or undefined if there is none. */
export const valueAt = (part: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((inner, key) => (Object.hasOwn(Object(inner), key) ? Object(inner)[key] : undefined), part);
