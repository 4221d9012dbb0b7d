import { describe, expect, it } from 'vitest';
import { runCompiled } from '../run-compiled.ts';

/** Modules that were run with k6 v1.6.1 and v2.2.0. The expectations below are its recorded output. */
const LIBRARY = {
  'lib/fn.js': "module.exports = function fn() { return 'fn' }; module.exports.extra = 1",
  'lib/es.js':
    'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = "es default"; exports.named = "es named"',
  'lib/nodef.js': "exports.default = 'plain default'; exports.a = 1",
  'lib/plain.js':
    'exports.a = 1; exports.self = this === exports; exports.args = arguments.length; exports.types = [typeof module, typeof require, typeof __filename, typeof module.id].join()',
  'lib/esm.js': "export default 'esm default'; export let count = 0; export function inc() { count += 1 }",
  'lib/umd.js':
    "(function (root, factory) { if (typeof define === 'function' && define.amd) define([], factory); else if (typeof module === 'object' && module.exports) module.exports = factory(); else root.Umd = factory() })(this, function () { return { version: 3 } })",
  'lib/returns.js': 'exports.a = 1; if (exports.a) return; exports.a = 2',
  'lib/null.js': 'module.exports = null',
  'lib/text.js': "module.exports = 'text'",
  'lib/throws.js': "\nthrow new TypeError('in lib')",
  'lib/sloppy.js': 'exports.a = 010',
  'lib/data.json': '{ "a": 1 }',
  'lib/cycle-a.js': "exports.early = 1; exports.fromB = require('./cycle-b.js').saw; exports.late = 2",
  'lib/cycle-b.js': "var a = require('./cycle-a.js'); exports.saw = [a.early, a.late]",
  'lib/opens.js': "exports.text = open('./hello.txt'); exports.read = (path) => open(path)",
  'lib/opens-esm.js': "export const text = open('./hello.txt'); export const read = (path) => open(path)",
  'lib/hello.txt': 'of the library',
  'hello.txt': 'of the script',
};

const run = (source: string, name = 'script.js') => runCompiled({ [name]: source, ...LIBRARY });
const said = async (source: string, name?: string) => {
  const result = await run(source, name);
  expect(result.error).toBeUndefined();
  return result.said;
};

describe('a CommonJS script', () => {
  it('has module, exports, require and this, and may return', async () => {
    const source = `
      console.log(this === exports, this === module.exports, typeof require('k6/http').default, typeof require('k6/http').get);
      exports.default = function () { console.log(JSON.stringify(require), 'runs') };
      return;
      console.log('not here')`;
    expect(await said(source)).toEqual(['true true undefined function', 'undefined runs']);
  });

  it('waits as compilers write it', async () => {
    const source = `"use strict";
var _k6 = _interopRequireDefault(require("k6"));
var _named = require("k6");
function _interopRequireDefault(e) { return e && e.__esModule ? e : { default: e } }
Object.defineProperty(exports, "__esModule", { value: true });
exports.default = _default;
const { check: look } = require("k6");
function _default() { setTimeout(() => console.log('later'), 0); (0, _named.sleep)(0.01); _k6.default.sleep(0.01); console.log(look(1, { one: (x) => x === 1 })) }`;
    expect(await said(source)).toEqual(['true', 'later']);
  });

  it.each([
    ["const http = require('k6/http')", 'http.get("/")'],
    ["const http = _interop(require('k6/http'))", 'http.default.get("/")'],
    ["const { get: fetch } = require('k6/http')", 'fetch("/")'],
    ["const k6 = require('k6')", '(0, k6.sleep)(1)'],
  ])('is refused, before anything runs, where it waits in a getter: %s', async (binding, call) => {
    const { error } = await run(
      `function _interop(e) { return { default: e } }\n${binding}\nexports.default = () => new (class {\n  get a() { return ${call} } })().a`,
    );
    expect(error).toContain('script.js:4:20: a call that waits, in a getter');
  });

  it('is not refused for a parameter of the same name', async () => {
    const source =
      "const http = require('k6/http'); class A { constructor(http) { this.a = http.get() } }\nexports.default = () => console.log(new A({ get: () => 1 }).a)";
    expect(await said(source)).toEqual(['1']);
  });

  it('that waits through require of what is not written out can wait', async () => {
    const source =
      "const name = 'k' + 6; const { sleep } = require(name); exports.default = () => { sleep(0.01); console.log('slept') }";
    expect(await said(source)).toEqual(['slept']);
  });

  it('names the place of an error, in TypeScript too', async () => {
    const source =
      "import_: for (;;) break import_;\ninterface A { b: string }\nmodule.exports.default = (a: A) => {\n  throw new RangeError('here');\n};";
    expect((await run(source, 'script.ts')).error).toBe(
      'RangeError: here\n\tat module.exports.default (script.ts:4:9)',
    );
  });
});

describe('require()', () => {
  it.each([
    [
      "JSON.stringify(require('./lib/plain.js'))",
      '{"a":1,"self":true,"args":2,"types":"object,function,undefined,undefined"}',
    ],
    ["require('./lib/umd.js').version", '3'],
    ["require('./lib/returns.js').a", '1'],
    ["JSON.stringify(require('./lib/cycle-a.js'))", '{"early":1,"fromB":[1,null],"late":2}'],
    ["typeof require('./lib/text.js') + require('./lib/text.js')", 'objecttext'],
    ["require('./lib/esm.js').default", 'esm default'],
    ["[require('./lib/esm.js').inc(), require('./lib/esm.js').count].join()", ',1'],
    ["require('./lib/fn.js') === require('./lib/fn.js')", 'true'],
    ["require('k6/http') === http", 'true'],
    ["require(import.meta.resolve('./lib/fn.js'))()", 'fn'],
  ])('in a module: %s is %s', async (expression, expected) => {
    const source = `import http from 'k6/http'; console.log(String(${expression}));\nexport default () => typeof http`;
    expect(await said(source)).toEqual([expected]);
  });

  it.each([
    ["require('./lib/null.js')", "CommonJS's exports must not be null"],
    ["require('./lib/nowhere.js')", `The moduleSpecifier "./lib/nowhere.js" couldn't be found on local disk`],
    ["require('')", "require() can't be used with an empty specifier"],
    ["require('lodash')", `can't import "lodash"`],
    ["require('k6/nothing')", 'the module k6/nothing is not available'],
    ["require('./lib/throws.js')", '(lib/throws.js:2:7)'],
    ["require('./lib/data.json')", 'lib/data.json:1:6: Unexpected token'],
    ["require('./lib/sloppy.js')", 'lib/sloppy.js:1:13: Invalid number'],
    ['module.exports = 1', 'you are trying to access identifier "module"'],
    ['typeof exports', 'you are trying to access identifier "exports"'],
  ])('or what is not there: %s', async (expression, message) => {
    const { error } = await run(`import 'k6'; ${expression};\nexport default () => {}`);
    expect(error).toContain(message);
  });

  it('is only there in the init stage', async () => {
    expect((await run("import 'k6'; export default () => require('./lib/fn.js')")).error).toContain(
      'the "require" function is only available in the init stage',
    );
  });
});

describe('import of a CommonJS module', () => {
  it.each([
    ["import fn, { extra, missing } from './lib/fn.js'", '[fn(), extra, missing]', '["fn",1,null]'],
    ["import es, { named } from './lib/es.js'", '[es, named]', '["es default","es named"]'],
    ["import * as es from './lib/es.js'", 'es', '{"default":"es default","named":"es named"}'],
    [
      "import nodef, * as all from './lib/nodef.js'",
      '[nodef, all]',
      '["plain default",{"a":1,"default":"plain default"}]',
    ],
    [
      "import plain from './lib/plain.js'; import * as all from './lib/plain.js'",
      "[plain.a, all.a, 'default' in all]",
      '[1,1,false]',
    ],
    ["import { nothing } from 'k6/http'", '[typeof nothing]', '["undefined"]'],
    ["import { ns, named, version } from './reexports.js'", '[ns.a, named, version]', '[1,"es named",null]'],
    ["import fn from './lib/fn.js'", "fn === require('./lib/fn.js')", 'true'],
  ])('%s', async (imports, expression, expected) => {
    const result = await runCompiled({
      'script.js': `${imports}; console.log(JSON.stringify(${expression}));\nexport default () => {}`,
      'reexports.js':
        "export * from './lib/es.js'; export * as ns from './lib/plain.js'; export { version } from './lib/es.js'",
      ...LIBRARY,
    });
    expect(result).toEqual({ said: [expected], error: undefined });
  });
});

it('open() looks from the module whose evaluation calls it', async () => {
  const source = `import { text, read } from './lib/opens-esm.js';
    const library = require('./lib/opens.js');
    console.log([text, read('./hello.txt'), library.text, library.read('./hello.txt'), open('./hello.txt')].join(', '));
    export default () => {}`;
  expect(await said(source)).toEqual(['of the library, of the script, of the library, of the script, of the script']);
});

it('refuses import attributes, as k6 does', async () => {
  const { error } = await run("import a from './lib/data.json' with { type: 'json' };\nexport default () => a");
  expect(error).toContain('script.js:1:33: Unexpected token');
});
