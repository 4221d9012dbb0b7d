import { expect, test } from 'vitest';
import { selectJson } from '../../../engine/http/select-json.ts';

const DOCUMENT = {
  name: { first: 'Tom', last: 'Anderson' },
  age: 37,
  children: ['Sara', 'Alex', 'Jack'],
  'fav.movie': 'Deer Hunter',
  friends: [
    { first: 'Dale', last: 'Murphy', age: 44, nets: ['ig', 'fb', 'tw'] },
    { first: 'Roger', last: 'Craig', age: 68, nets: ['fb', 'tw'] },
    { first: 'Jane', last: 'Murphy', age: 47, nets: ['ig', 'tw'] },
  ],
  nil: null,
  t: true,
  f: false,
  '': 'empty',
};

/** Results of gjson 1.18, recorded with a small Go program. */
const RECORDED = String.raw`
  name.last  →  "Anderson"
  age  →  37
  children  →  ["Sara","Alex","Jack"]
  children.1  →  "Alex"
  friends.1  →  {"age":68,"first":"Roger","last":"Craig","nets":["fb","tw"]}
  fav\.movie  →  "Deer Hunter"
  friends.#  →  3
  friends.#.age  →  [44,68,47]
  friends.0.first  →  "Dale"
  friends|0.first  →  "Dale"
  friends|0|first  →  "Dale"
  nil  →  null
  t  →  true
  f  →  false
  .  →  undefined
  #  →  undefined
  name.  →  undefined
  .name  →  undefined
  name..first  →  undefined
  friends.  →  undefined
  friends.#.  →  []
  friends.#.nets  →  [["ig","fb","tw"],["fb","tw"],["ig","tw"]]
  friends.#.nets.#  →  [3,2,2]
  friends.#.nets.0  →  ["ig","fb","ig"]
  friends.#.nets|0  →  ["ig","fb","tw"]
  friends.##  →  undefined
  friends.#x  →  undefined
  friends.x#  →  undefined
  !  →  undefined
  @  →  undefined
  @nope  →  undefined
  children.-1  →  undefined
  children.01  →  "Alex"
  children.1x  →  undefined
  children.3  →  undefined
  \*  →  undefined
  friends.0.nets.1  →  "fb"
  friends|#.first|1  →  "Roger"
`;

const rows = RECORDED.trim()
  .split('\n')
  .map((line) => line.trim().split(/ {2}→ {2}/) as [string, string]);

test.each(rows)('%s gives %s', (path, expected) => {
  const found = selectJson(DOCUMENT, path);
  expect(found === undefined ? 'undefined' : JSON.stringify(sorted(found))).toBe(
    expected === 'undefined' ? expected : JSON.stringify(sorted(JSON.parse(expected))),
  );
});

/** Sorts names, as Go does when it writes JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

test.each([
  ['{"q\\"q":4}', 'q\\"q', 4],
  ['"text"', 'text', undefined],
])('in %s, %s gives %j', (json, path, expected) => {
  expect(selectJson(JSON.parse(json), path)).toEqual(expected);
});

test.each([
  'children.@reverse',
  'name.@this',
  'friends|@reverse|0',
  '@pretty:{"width":5}',
  '{name.first,age}',
  '[age]',
  'friends.#.{first,age}',
  '!"x"',
  '..#',
  'friends.#(last=="Murphy").first',
  'friends.#[age>45]#',
  '#(',
  'child*.2',
  'c?ildren',
])('%s is refused by name', (path) => {
  expect(() => selectJson(DOCUMENT, path)).toThrow(
    expect.objectContaining({ code: 'NOT_AVAILABLE', exitCode: 107, message: expect.stringContaining(`'${path}'`) }),
  );
});

test('names that look like modifiers are names', () => {
  const json = { '@type': { '@id': 1, '@thisOne': 2 } };
  expect(selectJson(json, '@type.@id')).toBe(1);
  expect(selectJson(json, '@type.@thisOne')).toBe(2);
});

test('the result is a copy', () => {
  const json = { list: [{ id: 1 }] };
  (selectJson(json, 'list.0') as { id: number }).id = 2;
  expect(selectJson(json, 'list.0.id')).toBe(1);
});
