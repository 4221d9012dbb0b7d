import { expect, test } from 'vitest';
import { jsonOf } from '../../../engine/http/response-json.ts';

test.each([['<html>not found</html>'], [''], ['{"a":'], ['{"a":1} {"b":2}']])('%j is not JSON', (body) => {
  const json = jsonOf(body);
  expect(json('a.b')).toBeUndefined();
  expect(() => json()).toThrow('cannot parse json due to an error');
});

test('returns the value, or the value at a path, from text and bytes', () => {
  for (const body of ['{"a":{"b":[1,2]}}', new TextEncoder().encode('{"a":{"b":[1,2]}}').buffer as ArrayBuffer]) {
    expect(jsonOf(body)()).toEqual({ a: { b: [1, 2] } });
    expect(jsonOf(body)('a.b.#')).toBe(2);
    expect(jsonOf(body)('')).toBeUndefined();
    expect(jsonOf(body)(undefined)).toBeUndefined();
  }
});

test('parses a body once', () => {
  const json = jsonOf('{"a":1}');
  expect(json()).toBe(json());
});

test('throws without a body', () => {
  expect(() => jsonOf(null)('a')).toThrow('the body is null');
});
