import { expect, test } from 'vitest';
import { markWord } from '../../../faults/marks/marks.ts';
import { textsIn } from '../../../faults/marks/texts-in.ts';
import { markVector } from '../../../faults/marks/vectors.ts';
import { mayHaveMarks, writeMarks, writeVectors } from '../../../faults/marks/write-marks.ts';

const words = (answer: number, ...positions: number[]) => positions.map((position) => markWord(answer, position));
const text = (answer: number, ...positions: number[]) => words(answer, ...positions).join(' ');

test('words are written as runs of positions', () => {
  expect(writeMarks(`Well, ${text(37, 0, 1, 2, 5)}. And ${text(37, 6)}!`)).toBe('37:0-2,5-6');
  expect(writeMarks(text(37, 0, 1, 1, 0))).toBe('37:0-1,1,0');
});

test('words of another answer or channel begin a group', () => {
  expect(writeMarks([text(37, 0, 1), text(36, 4), text(37, 128, 129)].join(' '))).toBe('37:0-1 36:4 37.1:0-1');
});

test('other texts have no words', () => {
  expect(writeMarks('The potato salad of my favorite banana bread')).toBe('');
  expect(mayHaveMarks('The potato salad of my favorite banana bread')).toBe(false);
  expect(mayHaveMarks(`{"a":"${text(37, 2)}"}`)).toBe(true);
});

test('soft hyphens are not seen', () => {
  expect(
    writeMarks(
      words(37, 0, 1)
        .map((word) => `${word.slice(0, 4)}\u00ad${word.slice(4)}`)
        .join(' '),
    ),
  ).toBe('37:0-1');
});

/** The pieces of four letters in which fakes stream a text. */
const pieces = (answer: number, n: number) =>
  text(answer, ...Array.from({ length: n }, (_, index) => index)).match(/[\s\S]{1,4}/gu) ?? [];

test('a text without each third piece has broken words that begin as those of its answer', () => {
  const left = pieces(37, 15).filter((_, index) => index % 3 !== 2);
  expect(writeMarks(left.join(''), true)).toMatch(new RegExp(`~${markWord(37, 0).slice(0, 4)}:\\d+\\+[01]/\\d+$`));
});

test('a text with each fourth piece twice says so', () => {
  const twice = pieces(37, 15).flatMap((piece, index) => (index % 4 === 3 ? [piece, piece] : [piece]));
  expect(writeMarks(twice.join(''), true)).toMatch(
    new RegExp(`~${markWord(37, 0).slice(0, 4)}:\\d+\\+([5-9]|1\\d)/\\d+$`),
  );
});

test('a word that is cut at the end of a text is not worth a word', () => {
  expect(writeMarks(`${text(37, 0, 1)} ${markWord(37, 2).slice(0, 6)}`)).toBe('37:0-1');
});

test('a text without whole words is searched for broken ones only in a stream', () => {
  const documentation = 'limit and limits of a limiter';
  expect(writeMarks(documentation)).toBe('');
  expect(writeMarks(documentation, true)).toBe('~limi:3+0/29');
});

const vectors = [0, 1, 2].map((index) => {
  const vector = new Float32Array(8).fill(0.35);
  markVector(vector, 37, index);
  return vector;
});
const base64 = (vector: Float32Array) => Buffer.from(vector.buffer).toString('base64');

test.each([
  ['lists of numbers', (vector: Float32Array) => [...vector]],
  ['Base64', base64],
])('marked vectors are seen in their order, as %s', (_, write) => {
  const body = (...order: number[]) =>
    JSON.stringify({
      data: order.map((place, index) => ({ index, embedding: write(vectors[place] as Float32Array) })),
    });
  const shown = (text: string) =>
    [...textsIn(text, 'application/json').vectors].map(([path, marks]) => [path, writeVectors(marks)]);
  expect(mayHaveMarks(body(0, 1, 2))).toBe(true);
  expect(shown(body(0, 1, 2))).toEqual([['data[].embedding', '37.v:0-2']]);
  expect(shown(body(2, 0))).toEqual([['data[].embedding', '37.v:2,0']]);
});

test('other numbers are no vectors', () => {
  const body = JSON.stringify({
    data: [{ embedding: [0.3, 0.2, 0.1] }, { embedding: 'abcdefghijklmnop' }],
    n: [1, 2, 3],
  });
  expect(mayHaveMarks('{"n":[1,2,3],"m":[0.3,0.2,0.1]}')).toBe(false);
  expect(textsIn(body, 'application/json').vectors.size).toBe(0);
});
