import { expect, test } from 'vitest';
import { hiddenForms, searchForms } from '../../../harness/base/secret-forms.ts';

const KEY = 'sk-live "4f/7" ü+(a)';
const PLAIN = 'sk-live-abcdef0123456789';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const hex = (text: string) => Buffer.from(text).toString('hex');

const isFound = (text: string, value: string) => searchForms(value).some((form) => text.includes(form));

test.each([0, 1, 2, 3, 4, 5])(
  'a value is found in Base64, whatever precedes and follows it: %i characters',
  (before) => {
    for (const value of [KEY, PLAIN, '~~~???>>>']) {
      for (const after of ['', '"', '"}', '"}\n', ' and more']) {
        const whole = `${'user:'.slice(0, before)}${value}${after}`;
        expect(isFound(base64(whole), value)).toBe(true);
        expect(isFound(base64url(whole), value)).toBe(true);
        expect(isFound(encodeURIComponent(base64(whole)), value)).toBe(true);
        expect(isFound(JSON.stringify(base64(whole)).replaceAll('/', '\\/'), value)).toBe(true);
      }
    }
  },
);

test.each([
  ['hexadecimal digits', hex(KEY)],
  ['large hexadecimal digits', hex(`a${KEY}`).toUpperCase()],
  ['JSON', JSON.stringify(KEY)],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ key: KEY }))],
  ['the JSON of Python', '"sk-live \\"4f/7\\" \\u00fc+(a)"'],
  ['a URL', encodeURIComponent(KEY)],
  ['a URL with small digits', 'sk-live%20%224f%2f7%22%20%c3%bc%2b(a)'],
  ['a URL of Python', 'sk-live%20%224f/7%22%20%C3%BC%2B%28a%29'],
  ['a form', new URLSearchParams({ key: KEY }).toString()],
])('a value is found in %s', (_, text) => {
  expect(isFound(text, KEY)).toBe(true);
});

test('what is not the value is not found, and values of letters and digits are sought by few texts', () => {
  for (const other of [
    PLAIN.slice(0, -1),
    PLAIN.slice(1),
    PLAIN.toUpperCase(),
    base64(PLAIN.slice(1)),
    hex('sk-live'),
  ]) {
    expect(isFound(other, PLAIN)).toBe(false);
  }
  expect(searchForms(PLAIN)).toHaveLength(6);
  expect(searchForms(PLAIN)[0]).toBe(PLAIN);
  expect(Math.min(...searchForms('abcdefg1').map(({ length }) => length))).toBe(8);
});

test('a value that stands alone is hidden up to its last bits', () => {
  expect(hiddenForms(PLAIN)).toContain(base64(PLAIN));
  expect(hiddenForms(KEY)).toContain(base64(KEY));
});
