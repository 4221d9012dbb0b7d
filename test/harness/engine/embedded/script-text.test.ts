import { parse } from 'acorn';
import { describe, expect, it } from 'vitest';
import { canonicalHeaderName } from '../../../../harness/engine/embedded/http/header-name.ts';
import { formatTime } from '../../../../harness/engine/embedded/output/format-time.ts';
import { formatValue } from '../../../../harness/engine/embedded/output/format-value.ts';
import { serializeSetupData } from '../../../../harness/engine/embedded/run/setup-data.ts';
import { globalsFor } from '../../../../harness/engine/embedded/script/script-globals.ts';

describe('the globals of a script', () => {
  const given = (source: string) =>
    globalsFor(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), ['console', 'setTimeout']);

  it('are those that it uses', () => {
    expect(given('console.log(1);\nsetTimeout(f);')).toEqual(['console', 'setTimeout']);
    expect(given('// no console\nexport const a = "setTimeout";')).toEqual([]);
  });

  it.each([
    'const console = 1;',
    'let a, console;',
    'function setTimeout() {}',
    "import { setTimeout } from './timers.js';",
    "import {\n  console,\n} from './log.js';",
    'const { a: [console] } = tools;',
    'export class console {}',
  ])('are not put over its own: %s', (source) => {
    expect(given(source)).toEqual([]);
  });
});

describe('console values', () => {
  it.each([
    [{ a: 1, 'b-c': ['x'] }, '{ a: 1, "b-c": [ "x" ] }'],
    [{ when: new Date(0) }, '{ when: "1970-01-01T00:00:00.000Z" }'],
    [undefined, 'undefined'],
    [-0.5, '-0.5'],
    [new Uint8Array([1]), 'Uint8Array(1) [ 1 ]'],
  ])('%j is written %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it('that hold themselves come to an end', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(formatValue(loop)).toBe('{ self: [Circular] }');
  });
});

it('a time is written with microseconds', () => {
  expect(formatTime(1_700_000_000_123.25)).toBe('2023-11-14T22:13:20.123250Z');
  expect(formatTime(1_700_000_000_999.9998)).toBe('2023-11-14T22:13:21.000000Z');
});

it.each([
  ['content-type', 'Content-Type'],
  ['X-MIXED-case', 'X-Mixed-Case'],
  ['etag', 'Etag'],
])('the header %s is %s', (name, canonical) => {
  expect(canonicalHeaderName(name)).toBe(canonical);
});

it.each([
  [undefined, undefined],
  [{ a: undefined, when: new Date(0) }, '{"a":null,"when":"1970-01-01T00:00:00Z"}'],
  [[new Date(1_500)], '["1970-01-01T00:00:01.5Z"]'],
  ['text', '"text"'],
])('setup data %j', (value, json) => {
  expect(serializeSetupData(value)).toBe(json);
});
