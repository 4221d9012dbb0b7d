import { expect, test } from 'vitest';
import { createDice } from '../../../faults/base/dice.ts';
import { markOf, markVector } from '../../../faults/marks/vectors.ts';

const dice = createDice('vectors');

function randomVector(dimensions: number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, () => dice() * 2 - 1);
  const length = Math.hypot(...vector);
  return vector.map((component) => component / length);
}

function marked(dimensions: number, answer: number, index: number): Float32Array {
  const vector = randomVector(dimensions);
  markVector(vector, answer, index);
  return vector;
}

test.each([
  [3, 0, 0],
  [4, 16_383, 2047],
  [1536, 37, 2],
  [1536, 16_384 + 37, 5],
])('a vector of %d dimensions says that it is of answer %d at place %d', (dimensions, answer, index) => {
  const vector = marked(dimensions, answer, index);
  expect(markOf([...vector])).toEqual({ answer: answer % 16_384, index });
  expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
});

test('a mark survives JSON, Base64 and normalizing once more', () => {
  const vector = marked(256, 12_345, 1999);
  const mark = { answer: 12_345, index: 1999 };
  expect(markOf(JSON.parse(JSON.stringify([...vector])))).toEqual(mark);
  const length = Math.hypot(...vector);
  expect(markOf([...vector].map((component) => component / length))).toEqual(mark);
});

test('other vectors have no mark', () => {
  const found = Array.from({ length: 2000 }, () => markOf([...randomVector(8)])).filter((mark) => mark !== undefined);
  expect(found).toEqual([]);
  expect([[], [1], [-1 / 2 ** 20, 0], [Number.NaN, 0]].map(markOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(markOf([...marked(256, 12_345, 1999)].map((component) => Number(component.toFixed(4))))).toBeUndefined();
});

test('a vector without room for a mark stays as it is', () => {
  const vector = randomVector(2);
  const before = [...vector];
  markVector(vector, 37, 0);
  expect([...vector]).toEqual(before);
});
