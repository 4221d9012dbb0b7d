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
export function removeNewerBuiltins(): void {
  for (const [owner, names] of NEWER) for (const name of names) Reflect.deleteProperty(owner, name);
}
