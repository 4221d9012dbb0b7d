import { type AnyFunction, callInSteps, carriedBy, carry, NoSteps, type Steps } from './carried.ts';

/** A stepwise version of a built-in function that uses the result of a callback, which may block. */
type InSteps = (self: never, args: unknown[]) => Steps;

interface Indexed {
  readonly length: number;
  readonly [index: number]: unknown;
}

/** Visits elements in order and skips holes, as the specification requires. Stops when `visitor` returns true. */
function* visit(
  list: Indexed,
  [callback, self]: unknown[],
  visitor: (result: unknown, item: unknown, index: number) => boolean | undefined,
  { holes = false, backwards = false } = {},
): Steps<void> {
  const { length } = list;
  for (let step = 0; step < length; step += 1) {
    const index = backwards ? length - 1 - step : step;
    if (!holes && !(index in list)) continue;
    const item = list[index];
    if (visitor(yield* callInSteps(callback, self, [item, index, list]), item, index)) return;
  }
}

/** Finds the first element for which the callback returns a truthy value, or a falsy one if `wanted` is false. */
function* find(
  list: Indexed,
  args: unknown[],
  { wanted = true, ...how }: { wanted?: boolean; holes?: boolean; backwards?: boolean },
): Steps<{ item: unknown; index: number }> {
  let found: { item: unknown; index: number } = { item: undefined, index: -1 };
  const visitor = (holds: unknown, item: unknown, index: number) => {
    if (Boolean(holds) !== wanted) return false;
    found = { item, index };
    return true;
  };
  yield* visit(list, args, visitor, how);
  return found;
}

const FORWARDS = { holes: true };
const BACKWARDS = { holes: true, backwards: true };

function* reduce(list: Indexed, [callback, ...initial]: unknown[], backwards: boolean): Steps {
  const { length } = list;
  let isBegun = initial.length > 0;
  let [value] = initial;
  for (let step = 0; step < length; step += 1) {
    const index = backwards ? length - 1 - step : step;
    if (!(index in list)) continue;
    const item = list[index];
    value = isBegun ? yield* callInSteps(callback, undefined, [value, item, index, list]) : item;
    isBegun = true;
  }
  if (!isBegun) throw new TypeError('Reduce of empty array with no initial value');
  return value;
}

/** Creates an empty list of the same class, as the specification requires. */
const emptyLike = (list: Indexed): unknown[] => (Array.isArray(list) ? list.slice(0, 0) : []);

const ofArrays: Record<string, (list: Indexed, args: unknown[]) => Steps> = {
  *forEach(list, args) {
    yield* visit(list, args, () => false);
  },
  *map(list, args) {
    const results = emptyLike(list);
    results.length = list.length;
    yield* visit(list, args, (result, _, index) => {
      results[index] = result;
    });
    return results;
  },
  *flatMap(list, args) {
    const results = emptyLike(list);
    yield* visit(list, args, (result) => {
      if (Array.isArray(result)) results.push(...result.flat(0));
      else results.push(result);
    });
    return results;
  },
  *filter(list, args) {
    const results = emptyLike(list);
    yield* visit(list, args, (holds, item) => {
      if (holds) results.push(item);
    });
    return results;
  },
  *some(list, args) {
    return (yield* find(list, args, {})).index >= 0;
  },
  *every(list, args) {
    return (yield* find(list, args, { wanted: false })).index < 0;
  },
  *find(list, args) {
    return (yield* find(list, args, FORWARDS)).item;
  },
  *findIndex(list, args) {
    return (yield* find(list, args, FORWARDS)).index;
  },
  *findLast(list, args) {
    return (yield* find(list, args, BACKWARDS)).item;
  },
  *findLastIndex(list, args) {
    return (yield* find(list, args, BACKWARDS)).index;
  },
  reduce: (list, args) => reduce(list, args, false),
  reduceRight: (list, args) => reduce(list, args, true),
};

type TypedArray = Indexed & { slice(from?: number, to?: number): TypedArray; set(items: unknown[]): void };

const ofTypedArrays: Record<string, (list: never, args: unknown[]) => Steps> = {
  ...ofArrays,
  *map(list: TypedArray, args) {
    const results = list.slice() as unknown as unknown[];
    yield* visit(list, args, (result, _, index) => {
      results[index] = result;
    });
    return results;
  },
  *filter(list: TypedArray, args) {
    const kept = (yield* ofArrays.filter?.(list, args) ?? []) as unknown[];
    const results = list.slice(0, kept.length);
    results.set(kept);
    return results;
  },
};
delete ofTypedArrays.flatMap;

function* from(self: unknown, [source, callback, thisArgument]: unknown[]): Steps {
  const results: unknown[] = [];
  for (const item of Array.from(source as unknown[])) {
    results.push(yield* callInSteps(callback, thisArgument, [item, results.length]));
  }
  return self === Array ? results : (self as ArrayConstructor).from(results);
}

/** The method `forEach` of maps and sets. */
function* forEachEntry(entries: Map<unknown, unknown> | Set<unknown>, [callback, self]: unknown[]): Steps<void> {
  for (const [key, value] of entries.entries()) yield* callInSteps(callback, self, [value, key, entries]);
}

/** Go's sort, which k6 uses, sorts blocks of this length by insertion. */
const BLOCK = 20;

function* sorted(items: unknown[], compare: unknown): Steps<unknown[]> {
  const isLess = function* (a: unknown, b: unknown): Steps<boolean> {
    return Number(yield* callInSteps(compare, undefined, [a, b])) < 0;
  };
  if (items.length <= BLOCK) {
    for (let end = 1; end < items.length; end += 1) {
      for (let at = end; at > 0 && (yield* isLess(items[at], items[at - 1])); at -= 1) {
        [items[at - 1], items[at]] = [items[at], items[at - 1]];
      }
    }
    return items;
  }
  const half = Math.ceil(items.length / BLOCK / 2) * BLOCK;
  const left = yield* sorted(items.slice(0, half), compare);
  const right = yield* sorted(items.slice(half), compare);
  const merged: unknown[] = [];
  let next = 0;
  for (const item of left) {
    while (next < right.length && (yield* isLess(right[next], item))) {
      merged.push(right[next]);
      next += 1;
    }
    merged.push(item);
  }
  return [...merged, ...right.slice(next)];
}

/** Sorts a list. As in the specification, undefined elements and holes are last and not compared. */
function* sort(list: unknown[], [compare]: unknown[]): Steps {
  const present = Object.keys(list).filter((key) => Number(key) < list.length).length;
  const items = yield* sorted(
    Array.from(list).filter((item) => item !== undefined),
    compare,
  );
  for (const [index, item] of items.entries()) list[index] = item;
  for (let index = items.length; index < list.length; index += 1) {
    if (index < present) list[index] = undefined;
    else delete list[index];
  }
  return list;
}

/** Replaces the matches of a string's `replace()` or `replaceAll()` by the results of a function. */
function replace(native: AnyFunction): (text: string, args: unknown[]) => Steps {
  return function* (text, [pattern, replacer]) {
    if (typeof text !== 'string' || (typeof pattern !== 'string' && !(pattern instanceof RegExp)))
      return Reflect.apply(native, text, [pattern, replacer]);
    const matches: unknown[][] = [];
    Reflect.apply(native, text, [pattern, (...match: unknown[]) => String(matches.push(match))]);
    let result = '';
    let end = 0;
    for (const match of matches) {
      const at = match.find((part) => typeof part === 'number') ?? 0;
      result += `${text.slice(end, at)}${yield* callInSteps(replacer, undefined, match)}`;
      end = at + String(match[0]).length;
    }
    return result + text.slice(end);
  };
}

const TypedArrays = Object.getPrototypeOf(Uint8Array) as Uint8ArrayConstructor;

const table = new Map<unknown, InSteps>([
  ...Object.entries(ofArrays).map(([name, steps]) => [Array.prototype[name as 'map'], steps] as const),
  ...Object.entries(ofTypedArrays).map(([name, steps]) => [TypedArrays.prototype[name as 'map'], steps] as const),
  [Array.from, from],
  [TypedArrays.from, from],
  [Map.prototype.forEach, forEachEntry],
  [Set.prototype.forEach, forEachEntry],
  [Array.prototype.sort, sort],
  [Array.prototype.toSorted, (list: unknown[], args: unknown[]) => sort([...list], args)],
  [String.prototype.replace, replace(String.prototype.replace)],
  [String.prototype.replaceAll, replace(String.prototype.replaceAll)],
] as [unknown, InSteps][]);

/**
 * Runs a built-in function in steps if its callback may block.
 *
 * @returns undefined if the function has no stepwise version or doesn't need one. The caller then calls it directly.
 */
export function inSteps(action: unknown, self: unknown, args: readonly unknown[]): Steps | undefined {
  if (action === Function.prototype.call) return forward(self, args[0], args.slice(1));
  if (action === Function.prototype.apply) return forward(self, args[0], args[1] ?? []);
  if (action === Reflect.apply) return forward(args[0], args[1], args[2]);
  if (action === Reflect.construct) return constructed(args);
  if (action === Function.prototype.bind) return bind(self as AnyFunction, args);
  if (!args.some(carriedBy)) return undefined;
  return table.get(action)?.(self as never, args as unknown[]);
}

function forward(action: unknown, self: unknown, given: unknown): Steps | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const args = Array.from(given as unknown[]);
  return carriedBy(action)?.begin(self, args) ?? inSteps(action, self, args);
}

function constructed([action, args, newTarget = action]: readonly unknown[]): Steps | undefined {
  const isConstructor = typeof newTarget === 'function' && Object.hasOwn(newTarget, 'prototype');
  return isConstructor
    ? carriedBy(action)?.construct?.(Array.from(args as unknown[]), newTarget as AnyFunction)
    : undefined;
}

function bind(action: AnyFunction, [self, ...first]: readonly unknown[]): Steps | undefined {
  const carried = carriedBy(action);
  if (!carried) return undefined;
  const bound: AnyFunction = Reflect.apply(Function.prototype.bind, action, [self, ...first]);
  const { begin, construct } = carried;
  carry(bound, {
    begin: (_, rest) => begin(self, [...first, ...rest]),
    ...(construct && {
      construct: (rest, newTarget) =>
        Reflect.apply(construct, carried, [[...first, ...rest], newTarget === bound ? action : newTarget]),
    }),
  });
  return new NoSteps(bound);
}
