/** JavaScript's globals in k6 v2.2.0. Newer ones are missing. */
export const OF_THE_LANGUAGE =
  `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
  Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise
  Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array
  Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent
  escape eval isFinite isNaN parseFloat parseInt undefined unescape`.split(/\s+/);

/** Web APIs that both k6 and Node provide. */
export const OF_THE_WEB = ['TextDecoder', 'TextEncoder', 'crypto'];

/** k6's globals that belong to a VU. */
const OF_A_VU = `GoError __ENV __ITER __VU clearInterval clearTimeout console global globalThis open setInterval
  setTimeout`.split(/\s+/);

const known = new Set<string>([...OF_THE_LANGUAGE, ...OF_THE_WEB, ...OF_A_VU]);

/** Node's globals that k6 doesn't have. They are undefined in scripts unless the script defines them. */
export const HIDDEN: readonly string[] = Object.getOwnPropertyNames(globalThis).filter(
  (name) => !known.has(name) && /^[A-Za-z_$][\w$]*$/.test(name),
);
