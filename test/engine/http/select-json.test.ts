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
  vals: [
    { a: 1, b: 'data' },
    { a: 2, b: true },
    { a: 3, b: false },
    { a: 4, b: '0' },
    { a: 5, b: 0 },
    { a: 6, b: '1' },
    { a: 7, b: 1 },
    { a: 8, b: 'true' },
    { a: 9, b: false },
    { a: 10, b: null },
    { a: 11 },
  ],
  arr: [1, [2], [3, 4], [5, [6, 7]]],
  str: '{"id":1023,"name":"alert"}',
  sec: { first: ['Tom', 'Jane'], last: ['A', 'B', 'C'] },
  objs: [{ first: 'Tom', age: 37 }, { age: 41 }],
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
  child*.2  →  "Jack"
  c?ildren.0  →  "Sara"
  fav\.movie  →  "Deer Hunter"
  friends.#  →  3
  friends.#.age  →  [44,68,47]
  friends.#(last=="Murphy").first  →  "Dale"
  friends.#(last=="Murphy")#.first  →  ["Dale","Jane"]
  friends.#(age>45)#.last  →  ["Craig","Murphy"]
  friends.#(first%"D*").last  →  "Murphy"
  friends.#(first!%"D*").last  →  "Craig"
  children.#(!%"*a*")  →  "Alex"
  children.#(%"*a*")#  →  ["Sara","Jack"]
  friends.#(nets.#(=="fb"))#.first  →  ["Dale","Roger"]
  friends.0.first  →  "Dale"
  friends|0.first  →  "Dale"
  friends|0|first  →  "Dale"
  friends.#(last="Murphy")#|first  →  undefined
  friends.#(last="Murphy")#.0  →  []
  friends.#(last="Murphy")#|0  →  {"age":44,"first":"Dale","last":"Murphy","nets":["ig","fb","tw"]}
  friends.#(last="Murphy")#.#  →  []
  friends.#(last="Murphy")#|#  →  2
  *  →  {"first":"Tom","last":"Anderson"}
  *.first  →  "Tom"
  *.0  →  "Sara"
  ?  →  true
  ??  →  undefined
  *.#  →  3
  *.#(first=="Jane").age  →  47
  *.#(first=="Jane")#.age  →  []
  n*|first  →  "Tom"
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
  friends.#(age>=47)  →  {"age":68,"first":"Roger","last":"Craig","nets":["fb","tw"]}
  friends.#(age<=47)#|#  →  2
  friends.#(age<"47")  →  {"age":44,"first":"Dale","last":"Murphy","nets":["ig","fb","tw"]}
  friends.#(first>"D")#.first  →  ["Dale","Roger","Jane"]
  friends.#(nope)  →  undefined
  friends.#(nope)#  →  []
  friends.#(first)#.first  →  ["Dale","Roger","Jane"]
  friends.#(nets.0=="ig")#.first  →  ["Dale","Jane"]
  friends.#(nets.#>2).first  →  "Dale"
  friends.#(nets.#>2)#.first  →  ["Dale"]
  friends.#[last="Murphy"].first  →  "Dale"
  children.#(=="Alex")  →  "Alex"
  children.#(="Alex")#  →  ["Alex"]
  arr.#(>0)#  →  [1]
  arr.#(#>1)#  →  [[3,4],[5,[6,7]]]
  vals.#(b)#.a  →  [1,2,3,4,5,6,7,8,9,10]
  vals.#(b==true)#.a  →  [2,5,8]
  vals.#(b!=true)#.a  →  [1,3,4,6,7,9]
  vals.#(b>=true)#.a  →  [2,5,7,8]
  vals.#(b<true)#.a  →  [1,3,4,6,9]
  vals.#(b>false)#.a  →  [2,7,8]
  vals.#(b==null)#.a  →  [5]
  friends.#(first=="Da  →  undefined
  friends.#(  →  undefined
  friends.#()  →  undefined
  friends.#()#  →  []
  children.#()  →  "Sara"
  children.#()#  →  ["Sara","Alex","Jack"]
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
  friends.#(last=="Mur\"phy")  →  undefined
  friends.0.*  →  "Dale"
  friends.*.first  →  undefined
  children.*  →  undefined
  friends|#.first|1  →  "Roger"
  friends.#(age==44.0).first  →  "Dale"
  friends.#(age=="44").first  →  "Dale"
  friends.#(age==4.4e1).first  →  "Dale"
  friends.#(last%"*ph?")#.first  →  ["Dale","Jane"]
  friends.#(last!="Murphy").first  →  "Roger"
  friends.#( last == "Murphy" ).first  →  "Dale"
  friends.#(first==Dale).last  →  "Murphy"
  friends.#(first=="Dale")#|0.first  →  "Dale"
  a*.0  →  1
  *e*|first  →  "Tom"
  na?e.fi*  →  "Tom"
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
  ['{"q\\"q":4,"caf\\u00e9":5}', 'caf?', 5],
  ['{"q\\"q":4}', 'q\\"q', 4],
  ['[{"x":"a.b|c"}]', '#(x=="a.b|c").x', 'a.b|c'],
  ['[1e3,-0.5,"1"]', '#(>1)#', [1000]],
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
  'vals.#(b==~true)#.a',
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
