import { type Program, parse } from 'acorn';
import { expect, test } from 'vitest';
import { changingExports } from '../../../engine/compile/function-of-module.ts';
import { runCompiled } from '../run-compiled.ts';

const parsed = (source: string): Program => parse(source, { ecmaVersion: 2023, sourceType: 'module' });

const LIBRARY = {
  'lib.js': `console.log('lib runs'); export const one = 1; export function two() { return one + 1 } export default [one];`,
  'names.js': `const a = 'a'; export { a as "not a name", a as default }; export class B {}`,
  'again.js': `export { two as deux, default as list } from './lib.js'; export { a as a } from './a.js';`,
  'a.js': `export const a = { count: 0 };`,
  'twice.js': `export { a as b, a as c } from './a.js'; export { "not a name" as d } from './names.js';`,
  'cycle.js': `import { early } from './script.js'; console.log(typeof early);`,
};

const MAIN = "export default function () { console.log('runs') }";

/** The expected output is that of Node's own modules. */
test.each<[what: string, source: string, said: string[], main?: string]>([
  [
    'imports',
    `import list, { one, two as deux } from './lib.js'; console.log(list, one, deux());`,
    ['lib runs', '[ 1 ] 1 2', 'runs'],
  ],
  [
    'a namespace',
    `import * as lib from './lib.js'; console.log(Object.keys(lib), lib.two(), Object.isExtensible(lib));`,
    ['lib runs', '[ "default", "one", "two" ] 2 false', 'runs'],
  ],
  [
    'both',
    `import list, * as lib from './lib.js'; import './lib.js'; console.log(list === lib.default);`,
    ['lib runs', 'true', 'runs'],
  ],
  ['odd names', `import d, { "not a name" as n, B } from './names.js'; console.log(d, n, B.name);`, ['a a B', 'runs']],
  [
    'exports of imports',
    `import { deux, list } from './again.js'; console.log(deux(), list);`,
    ['lib runs', '2 [ 1 ]', 'runs'],
  ],
  [
    'the same export under two names',
    `import { b, c, d } from './twice.js'; console.log(b === c, d);`,
    ['true a', 'runs'],
  ],
  [
    'shared state',
    `import { a } from './a.js'; import { a as b } from './again.js'; a.count += 1; console.log(b.count);`,
    ['lib runs', '1', 'runs'],
  ],
  [
    'a name that k6 does not export',
    `import { nothing, check } from 'k6'; console.log(nothing, typeof check);`,
    ['undefined function', 'runs'],
  ],
  [
    'a k6 namespace',
    `import * as http from 'k6/http'; try { http.get = 1 } catch (e) { console.log(e.constructor.name) }`,
    ['TypeError', 'runs'],
  ],
  [
    'an assignment to an import',
    `import { one } from './lib.js'; try { one = 2 } catch (e) { console.log(e.message) }`,
    ['lib runs', 'Assignment to constant variable.', 'runs'],
  ],
  [
    'this, and use before declaration',
    `console.log(this, typeof f); try { c } catch (e) { console.log(e.message) } const c = 1; function f() {}`,
    ['undefined function', "Cannot access 'c' before initialization", 'runs'],
  ],
  ['imports below their use', `console.log(two()); import { two } from './lib.js';`, ['lib runs', '2', 'runs']],
  ['an export that it assigns again', 'export let a = 1; a = 2; console.log(a);', ['2', 'runs']],
  ['a cycle of functions', `import './cycle.js'; export function early() {}`, ['function', 'runs']],
  ['a default function with a name', '', ['named'], 'export default function named() { console.log(named.name) }'],
  [
    'a default value',
    '',
    ['1 f', '2 f'],
    'let n = 0; const f = () => { n += 1; console.log(n, f.name) }; export default f; f();',
  ],
  [
    'a default arrow',
    '',
    ['slept'],
    `import { sleep } from 'k6'; export default () => { sleep(0.001); console.log('slept') }`,
  ],
])('a module with %s runs', async (_, source, said, main = MAIN) => {
  const files = { 'script.js': `${source}\n${main}\nexport const options = {};`, ...LIBRARY };
  expect(await runCompiled(files)).toEqual({ said, error: undefined });
});

test.each<[what: string, source: string, said: string[], error: string, main?: string]>([
  [
    'an error',
    `import { one } from './lib.js';\n\nthrow new TypeError('of the script' + one);`,
    ['lib runs'],
    'TypeError: of the script1\n\tat script.js:3:7',
  ],
  [
    'a missing export',
    `import { three } from './lib.js'; console.log(three);`,
    ['lib runs'],
    "SyntaxError: The requested module './lib.js' does not provide an export named 'three'\n\tat script.js:1:1",
  ],
  [
    'a missing file',
    `import './lib.js'; import './nowhere.js'; console.log('runs');`,
    [],
    "Error: ENOENT: no such file or directory, open 'nowhere.js'",
  ],
  [
    'an unknown module',
    `import './lib.js'; import 'k6/nothing'; console.log('runs');`,
    [],
    'GoError: the module k6/nothing is not available',
  ],
  [
    'a cycle that needs a value too early',
    `import './cycle.js'; export const early = 1;`,
    [],
    "ReferenceError: Cannot access 'early' before initialization",
  ],
  [
    'a function that throws',
    '',
    [],
    "TypeError: Cannot read properties of null (reading 'x')\n\tat default (script.js:3:8)",
    'export default function () {\n  null.x;\n}',
  ],
])('a module with %s ends with its error', async (_, source, said, error, main = MAIN) => {
  const run = await runCompiled({ 'script.js': `${source}\n${main}\n`, ...LIBRARY });
  expect(run).toEqual({ said, error: expect.stringContaining(error) });
});

test("what a script sets on the global object replaces k6's globals in all modules", async () => {
  const source = `import { look } from './looks.js'; globalThis.URL = 'own'; globalThis.own = 1; console.log(URL, own, look());`;
  const run = await runCompiled({
    'script.js': `${source}\n${MAIN}\n`,
    'looks.js': 'export const look = () => URL + own;',
  });
  expect(run).toEqual({ said: ['own 1 own1', 'runs'], error: undefined });
});

test.each<[source: string, names: string[]]>([
  ['export let a = 1; a = 2;', []],
  ['let a = 1; export { a, a as b }; export function f() { a += 1 }', ['a', 'b']],
  ['export let a; export const f = () => { ({ b: [a] } = {}) };', ['a']],
  ['export let a; export const f = () => () => { for (a of []); };', ['a']],
  ['export let a = 1; export function f(b) { a++; b = 1 }', ['a']],
  ['export let a = 1; export function f() { let a; { var b } a = b = 2 }', []],
  ['export let a = 1; export function f(a) { return () => { a = 2 } }', []],
  ['export const a = { n: 1 }; export const f = () => { a.n = 2 };', []],
])('in %s, functions change the exports %j', (source, names) => {
  expect(changingExports(parsed(source))).toEqual(names);
});
