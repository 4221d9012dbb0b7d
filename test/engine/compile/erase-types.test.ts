import { print } from 'esrap';
import javaScript from 'esrap/languages/ts';
import { expect, test } from 'vitest';
import { eraseTypes } from '../../../engine/compile/erase-types.ts';
import { parseAs } from '../../../engine/compile/parse-script.ts';

/** Returns the compiled text in a single line. */
function erased(source: string): string {
  const { text } = eraseTypes('script.ts', source);
  const program = parseAs('module', 'script.ts', text, (position) => position, false);
  return print(program as Parameters<typeof print>[0], javaScript())
    .code.replace(/\s+/g, ' ')
    .trim();
}

test.each([
  ["import { Options } from 'k6/options';\nlet o: Options;", 'let o;'],
  ["import { check, Options } from 'k6';\ncheck({} as Options);", "import { check } from 'k6'; check({});"],
  ["import { Options, check, Other } from 'k6';\ncheck();", "import { check } from 'k6'; check();"],
  ["import Type, { value } from './x';\nvalue;", "import { value } from './x'; value;"],
  ["import value, { Type } from './x';\nvalue;", "import value from './x'; value;"],
  ["import value, * as Types from './x';\nvalue;", "import value from './x'; value;"],
  ["import Type, * as values from './x';\nvalues;", "import * as values from './x'; values;"],
  ["import { Type as T } from './x';\nlet o = { T: 1 }; o.T;", 'let o = { T: 1 }; o.T;'],
  [
    "import { shorthand } from './x';\nlet o = { shorthand };",
    "import { shorthand } from './x'; let o = { shorthand };",
  ],
  ["import { kept } from './x';\nexport { kept };", "import { kept } from './x'; export { kept };"],
  ["import './effects';", "import './effects';"],
  ["import {} from './effects';", "import './effects';"],
  ["import { type Options } from 'k6/options';\nlet o: Options;", 'let o;'],
  ["import { T } from './x';\nconst a = 1;\nexport { a as T };", 'const a = 1; export { a as T };'],
  ['interface User {}\nconst make = 1;\nexport { User, make };', 'const make = 1; export { make };'],
  ['type T = 1;\nconst make = 1;\nexport { make, T };', 'const make = 1; export { make };'],
])('%j is compiled to %j', (text, expected) => {
  expect(erased(text)).toBe(expected);
});

test('positions stay the same', () => {
  const text = "import { Options,\n  check } from 'k6';\nconst a: Options = check();\n";
  const { text: compiled, mappings } = eraseTypes('script.ts', text);
  expect({ mappings, length: compiled.length, at: compiled.indexOf('check()') }).toEqual({
    mappings: null,
    length: text.length,
    at: text.indexOf('check()'),
  });
});

test('a file with an enum is compiled', () => {
  const { text, mappings } = eraseTypes('script.ts', 'enum Color { Red }\nexport default Color.Red;');
  expect(text).toContain('Color["Red"] = 0');
  expect(mappings).toMatch(/^[\w;,+/]+$/);
});
