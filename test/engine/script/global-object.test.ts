import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

/** The globals in k6 v2.2.0, except `require`, `module`, `exports` and its own `vubox`. */
const OF_K6 = `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError Float32Array
  Float64Array Function GoError Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise Proxy RangeError
  ReferenceError Reflect RegExp Set String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakSet __ENV __ITER __VU clearInterval clearTimeout console crypto decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape eval global globalThis isFinite isNaN open parseFloat parseInt setInterval setTimeout undefined unescape`;

test('the global object has the globals of k6 and none of Node', async () => {
  const { said, exitCode } = await runSource(`export default function () {
    console.log(Object.getOwnPropertyNames(globalThis).sort().join(' '));
    console.log(global === globalThis, String(globalThis), globalThis.hasOwnProperty('Math'));
    console.log([typeof URL, typeof URLSearchParams, typeof Intl, typeof process, typeof structuredClone, typeof Iterator,
      typeof performance, typeof queueMicrotask, typeof WeakRef, typeof atob, typeof globalThis.process].every((type) => type === 'undefined'));
    console.log(typeof [].values().map, typeof new Set().union, typeof Object.groupBy, typeof Promise.withResolvers, typeof Array.fromAsync);
  }`);
  expect(exitCode).toBe(0);
  expect(said).toEqual([
    OF_K6.replace(/\s+/g, ' '),
    'true [object global] true',
    'true',
    'undefined undefined undefined undefined undefined',
  ]);
});

test('properties set on the global object are available to modules by name, separately in each VU', async () => {
  const { said, errors } = await runSource(
    `import './lib.js';
    export const options = { scenarios: { one: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } };
    export default function () {
      globalThis.count = (globalThis.count || 0) + __VU;
      if (__ITER === 1) console.log(__VU, vuOfLib, count, new URL('x').href, typeof polyfill);
      try { neverSet; } catch (error) { if (__ITER === 1) console.log(String(error)); }
    }`,
    {
      files: {
        'lib.js': `global.vuOfLib = __VU;
          globalThis.URL = class { constructor(given) { this.href = 'polyfill ' + given; } };
          global.polyfill = 1;
          delete globalThis.polyfill;`,
      },
    },
  );
  expect(errors).toEqual([]);
  expect(said.sort()).toEqual([
    '1 1 2 polyfill x undefined',
    '2 2 4 polyfill x undefined',
    'ReferenceError: neverSet is not defined',
    'ReferenceError: neverSet is not defined',
  ]);
});

test('the variables of a scenario are also on the global object, and not those of an earlier one', async () => {
  const { said } = await runSource(`
    const each = { executor: 'per-vu-iterations', vus: 1, iterations: 1 };
    export const options = { scenarios: { one: { ...each, env: { A: 'a' } }, two: { ...each, startTime: '300ms', env: { B: 'b' } } } };
    export default function () { console.log(globalThis.__ENV.A, globalThis.__ENV.B, global.__ENV === __ENV); }`);
  expect(said).toEqual(['a undefined true', 'undefined b true']);
});

test("a script can throw a GoError, and the global console writes to the run's log", async () => {
  const { said } = await runSource(`
    export default function () {
      try { throw new GoError('mine'); } catch (error) { globalThis.console.log(error.name, error instanceof GoError); }
    }`);
  expect(said).toEqual(['GoError true']);
});

test('typeof __ITER is undefined outside of iterations, and a number in them', async () => {
  const { said, exitCode } = await runSource(`
    const atInit = typeof __ITER;
    export function setup() { console.log(atInit, typeof __ITER); }
    export default function () { console.log(typeof __ITER, __ITER); }`);
  expect([exitCode, said]).toEqual([0, ['undefined undefined', 'number 0']]);
});

test('a teardown that is not a function exits with 255', async () => {
  const { errors, exitCode } = await runSource(`export const teardown = 'x'; export default function () {}`);
  expect([exitCode, errors]).toEqual([255, ["exported 'teardown' must be a function"]]);
});
