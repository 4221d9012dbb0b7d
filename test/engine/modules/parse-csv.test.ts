import { expect, test } from 'vitest';
import { parseCsv } from '../../../engine/modules/parse-csv.ts';

test.each([
  [
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    '\na,\n\n,b\n',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['"a,""b""","c\nd"\n""', [['a,"b"', 'c\nd'], ['']]],
  ['', []],
])('%j has the rows %j', (text, rows) => {
  expect(parseCsv(text, ',')).toEqual(rows);
});

test('a row may be separated by another delimiter', () => {
  expect(parseCsv('a;b,c', ';')).toEqual([['a', 'b,c']]);
});

test.each([
  ['a\nb"c', 'parse error on line 2, column 2: bare " in non-quoted-field'],
  ['"a"b', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'],
  ['"a\nb', 'parse error on line 2, column 2: extraneous or missing " in quoted-field'],
])('%j is rejected with its place', (text, message) => {
  expect(() => parseCsv(text, ',')).toThrow(message);
});
