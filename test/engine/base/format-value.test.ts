import { describe, expect, test } from 'vitest';
import { formatValue } from '../../../engine/base/format-value.ts';

describe('console values', () => {
  test.each([
    [{ a: 1, 'b-c': ['x'] }, '{ a: 1, b-c: [ "x" ] }'],
    [{ when: new Date(0) }, '{ when: "1970-01-01T00:00:00.000Z" }'],
    [undefined, 'undefined'],
    [{ a: undefined, b: [undefined, null] }, '{ a: null, b: [ null, null ] }'],
    [new Array(2), '[ null, null ]'],
    [{ a: 'a "b"\n' }, '{ a: "a "b"\n" }'],
    [[Symbol('s')], '[ s ]'],
    [-0.5, '-0.5'],
    [new Uint8Array([1]), 'Uint8Array(1) [ 1 ]'],
    [[new Float64Array(8)], '[ Float64Array(8) [ 0, 0, 0, 0, 0, 0, 0, 0 ] ]'],
    [new DataView(new ArrayBuffer(1)), '{}'],
  ])('%j is formatted as %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  test('with cycles are cut off', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(formatValue(loop)).toBe('{ self: [Circular] }');
  });
});
