import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tokenizer } from 'acorn';
import fc from 'fast-check';
import { minifySync } from 'rolldown/utils';
import { expect, test } from 'vitest';
import { compileSource, originOf } from '../../../engine/compile/compile-source.ts';
import { readSource } from '../../../engine/compile/read-source.ts';
import { runCompiled } from '../run-compiled.ts';

/** Declarations that the generated programs use: functions, methods, getters and closures, some of which block. */
const GIVEN = `
let n = 1
const plain = (x) => x
const wait = (x) => { sleep(0); return x }
function two(a, b = wait(a) + 1, ...c) { return wait(a) + b + c.length }
function* numbers(to) { for (let i = 0; i < to; i += 1) yield i }
const o = { v: 3, no: null, m(x) { return wait(x) + this.v }, get self() { plain(this); return plain(this) }, ['c' + 1]: (x) => wait(x) * 2 }
class A { #p = 2; static #s = 5; constructor(v) { this.v = v } m(x = wait(1)) { return this.#add(x) } #add(x) { return wait(x) + this.#p + this.v } static of(x) { return new this(wait(x) + A.#s) } arrow = (x) => wait(x) + this.v; get me() { return plain(this) } }
const late = (x) => new Promise((resolve) => { wait(0); Promise.resolve().then(() => resolve(wait(x))) })
const thenable = (x) => ({ then(resolve, reject) { log('then'); if (wait(x) % 3 === 1) throw new Error('thrown by then'); (x % 3 ? reject : resolve)(x) } })
const shown = (promise) => promise.then((x) => log(wait(x)), (error) => log(String(error))).finally(() => log(wait('finally')))
class B extends A { m(x) { return super.m(x) + 1 } }
`;

const { statement } = fc.letrec<{ expression: string; statement: string; block: string }>((tie) => {
  const e = tie('expression');
  const s = tie('block');
  const join = (parts: TemplateStringsArray, ...values: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(...values).map((all) => parts.map((part, index) => part + (all[index] ?? '')).join(''));
  const plain = fc.constantFrom('n', '1', 'o.v', 'wait(2)', "'s'.length", 'o.no?.x', 'B.of(1).v', '(() => 4)()');
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      plain,
      join`two(${e})`,
      join`two(${e}, ${e}, ...[${e}, 1])`,
      join`o.m(${e})`,
      join`o?.self.m?.(${e})`,
      join`o.no?.m(${e}).x`,
      join`(o.self?.m)(${e})`,
      join`o['c' + 1](${e})`,
      join`new B(${e}).me.m(${e})`,
      join`A.of(${e}).arrow(${e})`,
      join`(${e}, wait(${e}))`,
      join`(wait(${e}) > ${e} ? ${e} : two(${e}))`,
      join`(wait(0) || ${e})`,
      join`- wait(- ${e})`,
      join`[${e}, 2, ${e}].map((x) => wait(x) + n).filter((x) => wait(x) > 1).reduce((a, b) => a + two(b), 0)`,
      join`[...numbers(2)].map(function (x) { return this.m(x) + ${e} }, o)[1]`,
      join`Number(\`\${wait(${e})}\`)`,
      join`(function inner(d) { return d > 0 ? inner(d - 1) + ${e} : wait(d) })(2)`,
      join`(({ a = wait(${e}), ...r }) => a + Object.keys(r).length)({ b: 1 })`,
      join`wait.call(null, ${e})`,
      join`two.apply(o, [${e}])`,
      join`two.bind(null, ${e})()`,
      join`(n += wait(${e}))`,
    ),
    statement: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      join`log(${e})`,
      join`n = ${e} % 100`,
      join`if (wait(${e}) > 3) ${s} else ${s}`,
      join`for (let i = 0; i < 2; i += 1) ${s}`,
      join`for (const x of [${e}, two(1)]) log(wait(x))`,
      join`try { if (${e} > 2) throw new RangeError(String(wait(7))) } catch (error) { log(error.message) } finally ${s}`,
      join`switch (wait(${e}) % 2) { case 0: function local() { return wait(8) } log(local()); break; default: log(local()) }`,
      join`out: for (;;) { do { if (wait(1)) break out } while (two(1)) }`,
      join`{ function again(x) { return wait(x) } log(again(${e})) }`,
      join`{ let { v, w = wait(v) } = o; log(v + w + ${e}) }`,
      join`shown((async (x) => { log(x); await wait(x); log(await late(${e})); return thenable(x) })(${e}))`,
      join`shown(Promise.all([late(${e}), Promise.race([thenable(${e}), ${e}]), new Promise((resolve) => resolve(wait(1)))]))`,
      join`shown(Promise.allSettled([thenable(${e}), late(1)]).then((all) => all.map(({ status }) => wait(status))))`,
      join`void (async () => { try { await Promise.any([thenable(${e}), late(2)]) } catch { log('none') } finally ${s} })()`,
      join`log([${e}, 1, ${e}].sort((a, b) => wait(a) - b) + 'axb'.replace(/[ab]/g, (x) => wait(x)))`,
    ),
    block: tie('statement').map((inner) => `{ ${inner} }`),
  };
});

/** Different forms of a script: as written, without semicolons, and minified. */
const shapes: Readonly<Record<string, (source: string) => string>> = {
  'without semicolons': (source) => source,
  minified: (source) => minifySync('script.js', source, { module: true, mangle: true, compress: true }).code,
};

test('a rewritten program behaves like in Node', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 4 }), async (statements) => {
      const body = `${GIVEN}\n${statements.join('\n')}\nlog(n)`;
      const expected: string[] = [];
      new Function('sleep', 'log', `'use strict'\n${body}`)(
        () => {},
        (value: unknown) => void expected.push(String(value)),
      );
      await new Promise(setImmediate);
      const source = `import { sleep } from 'k6'\nconst log = (value) => console.log(String(value))\nexport default function () {${body}\n}`;
      for (const [name, shape] of Object.entries(shapes)) {
        expect({ name, ...(await runCompiled({ 'script.js': shape(source) })) }).toEqual({
          name,
          said: expected,
          error: undefined,
        });
      }
    }),
    { numRuns: 25, seed: 16 },
  );
});

const scripts = globSync([
  'scenarios/**/*.ts',
  'test/k6-golden/scripts/**/*.ts',
  'test/engine/scripts/**/*.{js,ts}',
]).filter((path) => !path.includes('waits-in-sync-code'));

test.each(scripts)('%s keeps its source positions when compiled', (path) => {
  const lines = readFileSync(path, 'utf8').split('\n');
  const how = { names: ['console'], waits: true, isAsync: true };
  const code = compileSource(readSource(pathToFileURL(resolve(path))), how);
  const words = new Set(
    [...tokenizer(code, { ecmaVersion: 'latest', sourceType: 'module' })].map(({ start, end }) =>
      code.slice(start, end),
    ),
  );
  const compiled = placesOf(code.split('\n'));
  const wrong = [...placesOf(lines)].filter(([name, place]) => {
    const found = compiled.get(name);
    return (
      words.has(name) && found && place && JSON.stringify(originOf(resolve(path), found)) !== JSON.stringify(place)
    );
  });
  expect(wrong).toEqual([]);
});

/** Returns the positions of function and method names that occur only once, and null for all other names. */
function placesOf(lines: readonly string[]): Map<string, { line: number; column: number } | null> {
  const places = new Map<string, { line: number; column: number } | null>();
  for (const [index, line] of lines.entries()) {
    for (const { 0: word, index: at } of line.matchAll(/(?<![\w$'"`/.-]|function )[a-zA-Z]\w{3,}(?=\()/g)) {
      places.set(word, places.has(word) ? null : { line: index + 1, column: at + 1 });
    }
  }
  return places;
}
