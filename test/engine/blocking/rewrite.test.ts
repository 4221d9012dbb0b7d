import { describe, expect, test } from 'vitest';
import { runCompiled } from '../run-compiled.ts';

/** Runs a script with blocking functions, so that all of it is rewritten. */
const run = (body: string, before = '') =>
  runCompiled({ 'script.js': `import { sleep } from 'k6'\n${before}\nexport default function () {${body}\n}` });

describe("a script that waits behaves like one that doesn't", () => {
  test.each<[what: string, body: string, said: string[], before?: string]>([
    [
      'without semicolons',
      'const res = 1\nsleep(0)\nlet f = once\nonce()\nconsole.log(n, f === once)',
      ['1 true'],
      'let n = 0\nfunction once() { n += 1 }',
    ],
    ['with a call after a brace', 'const f = function () {sleep(0);return 1};if (f()) {console.log(f())}', ['1']],
    [
      'with a comma after its last parameter',
      'console.log(f(1), f.length, f.name)',
      ['3 1 f'],
      'const two = () => 2\nfunction f(a, b = two(),) { return a + b }',
    ],
    [
      'with functions in a switch',
      'for (const x of [1, 2]) console.log(at(x))',
      ['a b', 'b'],
      "function at(x) { switch (x) { case 1: function a() { sleep(0); return 'a ' + b() } return a(); default: function b() { return 'b' } return b() } }",
    ],
    [
      'with a function that is replaced',
      'console.log([2, 1].sort(g), g === f)',
      ['[ 1, 2 ] false'],
      'function f(a, b) { return a - b }\nconst g = f\nf = () => { throw new Error("not this one") }',
    ],
    [
      'with chains',
      'const o = { v: 4, m() { return this?.v } }\nconsole.log(o.m?.(), (o?.m)(), o.z?.(sleep(1 / 0)).y, o?.["m"]?.(), delete o?.m.x, delete o.q?.().r)',
      ['4 4 undefined 4 true true'],
    ],
    [
      'with methods',
      'console.log(new B().run(1), A.of(), new B().field(), new B().early())',
      ['4 3 1 5'],
      'class A { #p = 1; #m(x) { sleep(0); return x + this.#p } run(x) { return this.#m(x) + 1 } static of() { return new A().run(1) } field = () => { sleep(0); return this.#p } }\nclass B extends A { constructor() { const early = () => this.z; super(); this.z = 5; this.early = early } run(x) { return super.run(x) + 1 } }',
    ],
    [
      'with getters that call methods',
      'const a = make(1), b = make(2); a.other = b\nconsole.log(self(a).name(), self(a).name?.(), (self(a)?.name)(), self(a)["name"]())',
      ['1 1 1 1'],
      'const self = (x) => x\nconst make = (n) => ({ n, get name() { if (this.other) self(this.other).say(); return function () { return this.n } }, say() {} })',
    ],
    [
      'with a method __proto__',
      'const o = { __proto__() { return 1 } }; console.log(o.__proto__(), Object.keys(o).length)',
      ['1 1'],
    ],
    ['with what a call changes', "const o = { f: () => 'first' }; console.log(o.f(o.f = () => 'second'))", ['first']],
    [
      'with conditions of a check',
      'const c = { a: (x) => x === 1, b: (x) => { sleep(0); return x }, c(x) { return this === undefined && [x].map((y) => y)[0] } }\nconsole.log(check(1, c), check(1, { a: (x) => x === 1, b: (x) => { sleep(0); return x }, c: function (x) { return this === undefined && x } }))',
      ['true true'],
      "import { check } from 'k6'",
    ],
    [
      'with a function of its own that is named check, whose condition runs in a promise',
      'let at = "later"; const check = (_, { f }) => void Promise.resolve().then(f)\ncheck(1, { f: () => { at = "at once" } })\nsleep(0.01)\nconsole.log(at)',
      ['later'],
      "import { check } from 'k6'",
    ],
    ['with labels', 'a: for (;;) { for (;;) { sleep(0); break a } }\nconsole.log("out")', ['out']],
    [
      'with names of functions',
      "const a = () => {}, { b = function () {} } = {}; console.log(a.name, b.name, f.name, (function g() { return g.name })(), { ['h' + 1]: () => {} }.h1.name)",
      ['a b f g h1'],
      'function f() { sleep(0) }',
    ],
    [
      'with functions that are no constructors',
      "for (const f of [() => new (() => 1)(), () => new o.m(), () => new later(), () => (function f() { f = 1 })()]) { try { f(); console.log('no error') } catch ({ name }) { console.log(name) } }\nconsole.log(later instanceof Function, 'prototype' in o.m, Object.prototype.toString.call(later))",
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'true false [object AsyncFunction]'],
      'const o = { m() { sleep(0) } }\nasync function later() {}',
    ],
    [
      'with functions that are constructors',
      'const F = function (x) { sleep(0); this.x = x }; F.prototype.m = function () { return this.x }\nconsole.log(new F(1).m(), new (F.bind(null, 2))().m(), Reflect.construct(F, [3]) instanceof F)',
      ['1 2 true'],
    ],
    [
      'with arguments in an arrow function, and names that are computed',
      "const f = function () { return [1].map(() => { sleep(0); return arguments[0] }) }\nclass A { async ['m' + 1](x) { sleep(0); return x + this.#p.call(this, x) } #p(x) { sleep(0); return x } }\nnew A().m1(2).then((x) => console.log(x))\nconsole.log(f(3)[0], f.call(null, 4)[0])",
      ['3 4', '4'],
    ],
    [
      'with super in arrow functions',
      'new B().later(1).then((x) => console.log(x))\nconsole.log(new B().m(2), B.s)',
      ['2,4 9', '1'],
      'class A { m(x) { sleep(0); return x * this.v } static get s() { sleep; return 9 } }\nclass B extends A { v = 1; m(x) { this.v += 0; return [x, x * 2].map((y) => super.m(y)).join() } async later(x) { return (async () => super.m(await x))() } static get s() { return (() => super.s)() } }',
    ],
    [
      'with async functions whose parameters throw',
      "const f = async ({ a }, b = a) => b; f().catch(({ name }) => console.log(name)); console.log('after')",
      ['after', 'TypeError'],
    ],
    [
      'with timers that are cleared while it waits, and an interval that is late',
      'let n = 0; const t = setTimeout(() => console.log("cleared"), 1)\nconst i = setInterval(function () { sleep(0.01); n += 1; if (n === 2) clearInterval(i); console.log(n, this === globalThis) }, 1)\nsleep(0.02); clearTimeout(t)',
      ['1 true', '2 true'],
    ],
    [
      'with arrays of a class, and typed arrays',
      'class List extends Array {}\nconst wait = (x) => { sleep(0); return x }\nconsole.log(List.from([1, 2], wait).map(wait) instanceof List, Uint8Array.from([1, 257], wait).map((x) => wait(x) * 200).filter((x) => wait(x) > 1).join())',
      ['true 200,200'],
    ],
    ['with a template', 'console.log(`a\n${f`b${1}`}\\t`)', ['a\nb|\t'], 'const f = (parts) => parts.join("|")'],
  ])('%s', async (_, body, said, before) => {
    expect(await run(body, before)).toEqual({ said, error: undefined });
  });
});

test('jobs of promises wait while a call blocks, and the results of engine functions are promises', async () => {
  const said = await run(
    `const request = http.asyncRequest('GET', 'http://127.0.0.1:1/').then(({ status }) => console.log('status', status))
    console.log(request instanceof Promise, request.constructor === Promise)
    Promise.race([1]).then(() => { sleep(0.01); console.log('race') }).then(() => console.log('then'))
    ;(async () => { try { await { then() { throw new Error('thrown') } } } catch (error) { console.log(String(error)) } })()
    sleep(0.05)
    console.log('waited')`,
    "import http from 'k6/http'",
  );
  expect(said).toEqual({
    said: ['true true', 'waited', 'race', 'Error: thrown', 'then', 'status 0'],
    error: undefined,
  });
});

test('rejects import() at run time, like k6', async () => {
  const { said } = await runCompiled({
    'script.js': "export default () => import('./x.js').catch((reason) => console.log(reason))",
  });
  expect(said).toEqual(['dynamic modules not enabled in the host program']);
});

describe('errors have their position in the source file', () => {
  test.each([
    [
      'a call of nothing',
      '\n\n  const a = { b: {} }; sleep(0); a.b\n    .nothing(1)',
      "TypeError: Object has no member 'nothing'",
      '6:6',
    ],
    ['a throw', "\n  ;[1].forEach((x) => { if (x) throw new RangeError('far') })", 'RangeError: far', '4:38'],
  ])('%s', async (_, body, title, place) => {
    const { error } = await run(body);
    expect(error?.split('\n').slice(0, 2)).toEqual([title, expect.stringContaining(`script.js:${place}`)]);
  });

  test('in TypeScript', async () => {
    const source = `import { Options } from 'k6/options';\nimport { sleep } from 'k6';\nenum A {\n  One,\n}\n
interface Named { name: string }
export default function (): void {
  const named: Named = { name: 'x' }; sleep(0);
  throw new TypeError(named.name + A.One);
}`;
    const { error } = await runCompiled({ 'script.ts': source });
    expect(error).toBe('TypeError: x0\n\tat default (script.ts:10:9)');
  });

  test.each([
    ['script.js', 'export default function () {\n  let a = ;\n}', 'SyntaxError: script.js:2:11: Unexpected token'],
    ['script.ts', 'const a: number = 1;\nlet b: = 2;', 'SyntaxError: script.ts:2:8: Unexpected token'],
  ])('SyntaxErrors in %s', async (name, source, message) => {
    expect((await runCompiled({ [name]: source })).error).toContain(message);
  });
});

test.each([
  ['async function* f() {}', 'script.js:1:1: Async generators are not supported, as in k6'],
  ['const o = { async *f() {} }', 'Async generators are not supported, as in k6'],
  ['async function f() {\n  for await (const x of []) x\n}', 'script.js:2:3: for await is not supported, as in k6'],
  ['/a/v', 'Invalid regular expression flag'],
])('%j is a SyntaxError, like in k6', async (source, error) => {
  const { error: thrown } = await runCompiled({ 'script.js': `${source}\nexport default () => {}` });
  expect(thrown).toContain(error);
});
