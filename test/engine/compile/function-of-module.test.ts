import { type Program, parse } from 'acorn';
import { expect, test } from 'vitest';
import { canBeFunction } from '../../../engine/compile/function-of-module.ts';
import { runCompiled } from '../run-compiled.ts';

const parsed = (source: string): Program => parse(source, { ecmaVersion: 2023, sourceType: 'module' });

const LIBRARY = {
  'lib.js': `console.log('lib runs'); export const one = 1; export function two() { return one + 1 } export default [one];`,
  'names.js': `const a = 'a'; export { a as "not a name", a as default }; export class B {}`,
  'again.js': `export { two as deux, default as list } from './lib.js'; export { a as a } from './a.js';`,
  'a.js': `export const a = { count: 0 };`,
  'twice.js': `export { a as b, a as c } from './a.js'; export { "not a name" as d } from './names.js';`,
};

const MAIN = "export default function () { console.log('runs') }";

test.each<[what: string, source: string, main?: string]>([
  ['imports', `import list, { one, two as deux } from './lib.js'; console.log(list, one, deux());`],
  [
    'a namespace',
    `import * as lib from './lib.js'; console.log(Object.keys(lib), lib.two(), Object.isExtensible(lib));`,
  ],
  ['both', `import list, * as lib from './lib.js'; import './lib.js'; console.log(list === lib.default);`],
  ['odd names', `import d, { "not a name" as n, B } from './names.js'; console.log(d, n, B.name);`],
  ['exports of imports', `import { deux, list } from './again.js'; console.log(deux(), list);`],
  ['the same export under two names', `import { b, c, d } from './twice.js'; console.log(b === c, d);`],
  [
    'shared state',
    `import { a } from './a.js'; import { a as b } from './again.js'; a.count += 1; console.log(b.count);`,
  ],
  ['a name that k6 does not export', `import { nothing, check } from 'k6'; console.log(nothing, typeof check);`],
  [
    'a k6 namespace',
    `import * as http from 'k6/http'; try { http.get = 1 } catch (e) { console.log(e.constructor.name) }`,
  ],
  [
    'an assignment to an import',
    `import { one } from './lib.js'; try { one = 2 } catch (e) { console.log(e.message) }`,
  ],
  ['an assignment to a global', `try { console = 2 } catch (e) { console.log(e.message) }`],
  [
    'this, and use before declaration',
    `console.log(this, typeof f); try { c } catch (e) { console.log(e.message) } const c = 1; function f() {}`,
  ],
  ['imports below their use', `console.log(two()); import { two } from './lib.js';`],
  ['an error', `import { one } from './lib.js';\n\nthrow new TypeError('of the script' + one);`],
  ['a missing export', `import { three } from './lib.js'; console.log(three);`],
  ['a missing file', `import './lib.js'; import './nowhere.js'; console.log('runs');`],
  ['an unknown module', `import './lib.js'; import 'k6/nothing'; console.log('runs');`],
  ['a cycle', `import './cycle.js'; export const early = 1;`],

  ['a default function with a name', '', 'export default function named() { console.log(named.name) }'],
  ['a default value', '', 'let n = 0; const f = () => { n += 1; console.log(n, f.name) }; export default f; f();'],
  ['a default arrow', '', `import { sleep } from 'k6'; export default () => { sleep(0.001); console.log('slept') }`],
  ['a default function that throws', '', 'export default function () {\n  null.x;\n}'],
])('a module with %s runs in a function as it does natively', async (_, source, main = MAIN) => {
  const library = { ...LIBRARY, 'cycle.js': `import { early } from './script.js'; console.log(typeof early);` };
  const script = `${source}\n${main}\nexport const options = {};`;
  // The name makes the module a native one.
  const native = await runCompiled({ 'script.js': `${script} globalThis;`, ...library });
  expect(await runCompiled({ 'script.js': script, ...library })).toEqual(native);
  expect([native.error ?? '', ...native.said].join('')).not.toBe('');
});

test.each([
  'export let a = 1; a = 2;',
  'let a = 1; export { a }; export function f() { a += 1 }',
  'export let a; ({ b: [a] } = {});',
  'export let a = 0; a++;',
  'export let a; for (a of []);',
  'export function f() {} f = 1;',
  "export * from './a.js';",
  'await 1;',
  'export const url = import.meta.url;',
  'export const a = globalThis.b;',
  "export const a = require('k6');",
  "export const a = eval('1');",
])(
  'a function does not stand for a module whose exports change, or that needs what only modules have: %s',
  (source) => {
    expect(canBeFunction(parsed(source))).toBe(false);
  },
);

test.each([
  'export const options = {}; options.vus = 1;',
  'export default async function () { await 1 }',
  'let a = 1; a = 2; export function f(b) { b = 1; return new.target }',
])('a function stands for %s', (source) => {
  expect(canBeFunction(parsed(source))).toBe(true);
});
