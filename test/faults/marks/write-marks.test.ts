import { expect, test } from 'vitest';
import { markWord } from '../../../faults/marks/marks.ts';
import { mayHaveMarks, writeMarks } from '../../../faults/marks/write-marks.ts';

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
  expect(writeMarks(left.join(''), true)).toMatch(new RegExp(`~${markWord(37, 0).slice(0, 4)}:\\d+(\\+1)?$`));
});

test('a text with each fourth piece twice says so', () => {
  const twice = pieces(37, 15).flatMap((piece, index) => (index % 4 === 3 ? [piece, piece] : [piece]));
  expect(writeMarks(twice.join(''), true)).toMatch(new RegExp(`~${markWord(37, 0).slice(0, 4)}:\\d+\\+([5-9]|1\\d)$`));
});

test('a word that is cut at the end of a text is not worth a word', () => {
  expect(writeMarks(`${text(37, 0, 1)} ${markWord(37, 2).slice(0, 6)}`)).toBe('37:0-1');
});

test('a text without whole words is searched for broken ones only in a stream', () => {
  const documentation = 'limit and limits of a limiter';
  expect(writeMarks(documentation)).toBe('');
  expect(writeMarks(documentation, true)).toBe('~limi:3');
});
