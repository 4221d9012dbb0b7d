import { entryOf } from '../base/entry-of.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether a contract contains a line, as mutants and checkers name what they need: `endpoints.NAME.cancels`, where NAME is
 * any name, `limiter.window: token-bucket`, or one of two such as `secret or refusedStarts`. A line that begins with no
 * part of a contract, such as `retryAfter: true`, may be anywhere.
 */
export function hasLine(contract: object, line: string): boolean {
  return line.split(' or ').some((alternative) => {
    const [path = '', value] = alternative.split(': ');
    const [first = '', ...rest] = path.split('.');
    const begins = first in contract ? [contract] : objectsIn(contract);
    const found = [first, ...rest].reduce<unknown[]>((objects, name) => objects.flatMap(valuesOf(name)), begins);
    return found.some((entry) =>
      value === undefined ? isSomething(entry) : value === '{}' || String(entry) === value,
    );
  });
}

const valuesOf =
  (name: string) =>
  (object: unknown): unknown[] => {
    if (typeof object !== 'object' || object === null) return [];
    const values = name === 'NAME' ? Object.values(object) : [entryOf(object as Fields, name)];
    return values.filter((value) => value !== undefined);
  };

const isSomething = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);

const objectsIn = (value: unknown): object[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
