/** An iterator of the language, whose prototype has the helpers (`map`, `filter` …). */
const ITERATOR_PROTOTYPE: object = Object.getPrototypeOf(Object.getPrototypeOf([].values()));

/** Functions of the language that Node has and k6 v2.2.0 does not, by the object that has them. */
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
    [...['difference', 'intersection', 'isDisjointFrom', 'isSubsetOf', 'isSupersetOf', 'symmetricDifference', 'union']],
  ],
  [
    ITERATOR_PROTOTYPE,
    ['drop', 'every', 'filter', 'find', 'flatMap', 'forEach', 'map', 'reduce', 'some', 'take', 'toArray'],
  ],
];

/**
 * Removes what k6 does not have from this realm, so that a script that runs here also runs in k6. The engine and what it imports must
 * not use these. Some stay: `isWellFormed` and `toWellFormed`, which undici uses, `Error.captureStackTrace`, flags of regular
 * expressions, and what only old scripts use (`__defineGetter__`, `RegExp.$1`, `''.bold()`).
 */
export function removeNewerBuiltins(): void {
  for (const [owner, names] of NEWER) for (const name of names) Reflect.deleteProperty(owner, name);
}
