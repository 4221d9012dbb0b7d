import { type AnyFunction, callInSteps, carriedBy, carry, type Steps } from './carried.ts';

/**
 * A stepwise version of a built-in function that calls back into the script and uses the callback's result. It allows
 * the callback to block.
 */
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
  const keys = Array.from({ length: list.length }, (_, index) => index).filter((index) => index in list);
  if (backwards) keys.reverse();
  if (initial.length === 0 && keys.length === 0) throw new TypeError('Reduce of empty array with no initial value');
  let value = initial.length > 0 ? initial[0] : list[keys.shift() as number];
  for (const index of keys) value = yield* callInSteps(callback, undefined, [value, list[index], index, list]);
  return value;
}

const ofArrays: Record<string, (list: Indexed, args: unknown[]) => Steps> = {
  *forEach(list, args) {
    yield* visit(list, args, () => false);
  },
  *map(list, args) {
    const results = new Array<unknown>(list.length);
    yield* visit(list, args, (result, _, index) => {
      results[index] = result;
    });
    return results;
  },
  *flatMap(list, args) {
    const results: unknown[] = [];
    yield* visit(list, args, (result) => {
      if (Array.isArray(result)) results.push(...result);
      else results.push(result);
    });
    return results;
  },
  *filter(list, args) {
    const results: unknown[] = [];
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

function* from(_: unknown, [source, callback, self]: unknown[]): Steps {
  const results: unknown[] = [];
  for (const item of Array.from(source as unknown[])) {
    results.push(yield* callInSteps(callback, self, [item, results.length]));
  }
  return results;
}

/** The method `forEach` of maps and sets. */
function* forEachEntry(entries: Map<unknown, unknown> | Set<unknown>, [callback, self]: unknown[]): Steps<void> {
  for (const [key, value] of entries.entries()) yield* callInSteps(callback, self, [value, key, entries]);
}

const table = new Map<AnyFunction, InSteps>([
  ...Object.entries(ofArrays).map(([name, steps]) => [Array.prototype[name as 'map'], steps] as const),
  [Array.from, from],
  [Map.prototype.forEach, forEachEntry],
  [Set.prototype.forEach, forEachEntry],
]);

/**
 * Runs a built-in function in steps if its callback may block.
 *
 * @returns undefined if the function has no stepwise version or doesn't need one. The caller then calls it directly.
 */
export function inSteps(action: unknown, self: unknown, args: readonly unknown[]): Steps | undefined {
  if (action === Function.prototype.call) return forward(self, args[0], args.slice(1));
  if (action === Function.prototype.apply) return forward(self, args[0], Array.from((args[1] as unknown[]) ?? []));
  if (action === Reflect.apply) return forward(args[0], args[1], Array.from(args[2] as unknown[]));
  if (action === Function.prototype.bind) return bind(self as AnyFunction, args);
  if (!args.some(carriedBy)) return undefined;
  return table.get(action as AnyFunction)?.(self as never, args as unknown[]);
}

const forward = (action: unknown, self: unknown, args: unknown[]): Steps | undefined =>
  carriedBy(action) && callInSteps(action, self, args);

function bind(action: AnyFunction, [self, ...first]: readonly unknown[]): Steps | undefined {
  const carried = carriedBy(action);
  if (!carried) return undefined;
  const bound = carry(Reflect.apply(Function.prototype.bind, action, [self, ...first]), {
    ...carried,
    begin: (_, rest) => carried.begin(self, [...first, ...rest]),
  });
  // biome-ignore lint/correctness/useYield: the caller expects steps, although there is nothing to wait for
  return (function* (): Steps {
    return bound;
  })();
}
