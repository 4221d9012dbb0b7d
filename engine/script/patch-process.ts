import { GoError } from '../base/errors.ts';
import { currentVu } from '../vu/vu.ts';

/**
 * Removes built-ins that k6 doesn't have and adapts process globals to VUs: `process.exit` is rejected, `Math.random`
 * respects `randomSeed()`, and pending `crypto.subtle` calls keep the VU's event loop alive. Use this only in processes
 * that do nothing but run scripts.
 */
export function patchProcess(): void {
  removeNewerBuiltins();
  // Node defines it as a getter, which every reading of the clock would call.
  Object.defineProperty(globalThis, 'performance', { value: performance, writable: true, configurable: true });
  const exit = process.exit;
  process.exit = (...args) => {
    if (currentVu()) throw new GoError("a script can't end the process: exec.test.abort() ends the test");
    return exit.apply(process, args);
  };
  const random = Math.random;
  Math.random = () => currentVu()?.random?.() ?? random();
  const prototype = Object.getPrototypeOf(crypto.subtle) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (name === 'constructor' || typeof method !== 'function') continue;
    prototype[name] = function held(this: unknown, ...args: unknown[]): Promise<unknown> {
      const release = currentVu()?.loop.hold(() => {});
      return (method.apply(this, args) as Promise<unknown>).finally(release);
    };
  }
}

/** The iterator prototype, which provides the helpers (`map`, `filter` …). */
const ITERATOR_PROTOTYPE: object = Object.getPrototypeOf(Object.getPrototypeOf([].values()));

/** Node's built-in functions that k6 v2.2.0 doesn't have, grouped by object. */
const NEWER: readonly (readonly [object, readonly string[]])[] = [
  [Array, ['fromAsync']],
  [ArrayBuffer.prototype, ['resize', 'transfer', 'transferToFixedLength']],
  [DataView.prototype, ['getFloat16', 'setFloat16']],
  [Date.prototype, ['getYear', 'setYear', 'toGMTString']],
  [Error, ['isError']],
  [JSON, ['isRawJSON', 'rawJSON']],
  [Map, ['groupBy']],
  [Math, ['f16round']],
  [Object, ['groupBy']],
  [Promise, ['try', 'withResolvers']],
  [RegExp, ['escape']],
  [
    Set.prototype,
    ['difference', 'intersection', 'isDisjointFrom', 'isSubsetOf', 'isSupersetOf', 'symmetricDifference', 'union'],
  ],
  [
    ITERATOR_PROTOTYPE,
    ['drop', 'every', 'filter', 'find', 'flatMap', 'forEach', 'map', 'reduce', 'some', 'take', 'toArray'],
  ],
];

/**
 * Removes built-ins that k6 doesn't have from this realm, so that every script that runs here also runs in k6. The
 * engine and its dependencies must not use them. `tsconfig.engine.json` makes sure of it for most of them in the engine.
 * Some remain: `isWellFormed` and `toWellFormed`, which undici uses, `Error.captureStackTrace`, regular expression flags,
 * and legacy features (`__defineGetter__`, `RegExp.$1`, `''.bold()`).
 */
function removeNewerBuiltins(): void {
  for (const [owner, names] of NEWER) for (const name of names) Reflect.deleteProperty(owner, name);
}
