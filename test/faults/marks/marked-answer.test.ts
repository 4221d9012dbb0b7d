import { expect, test } from 'vitest';
import { MarkedAnswer } from '../../../faults/marks/marked-answer.ts';
import { marksIn } from '../../../faults/marks/marks.ts';

const PAUSES = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]);
const answer = (number: number) => new MarkedAnswer(number, PAUSES);

test('a long text has sentences that begin and end with a mark word', () => {
  const texts = Array.from({ length: 50 }, (_, number) => answer(number).text({ isLong: true }) ?? '');
  expect(texts.filter((text) => !/^\p{Lu}\p{Ll}{9}(?:(?:,? \p{Ll}|\. \p{Lu})\p{Ll}{9})*\.$/u.test(text))).toEqual([]);
  expect(texts.some((text) => /, .*\. ./.test(text))).toBe(true);
});

test('no more than three characters are between two words, so that each piece of four has a part of one', () => {
  for (let number = 0; number < 50; number += 1) {
    expect(answer(number).text({ isLong: true })).not.toMatch(/\P{L}{4}/u);
  }
});

test('each text has the next channel, and a receipt says how many words each has', () => {
  const marked = answer(8);
  const texts = [marked.text({ isLong: true }), marked.text({ isLong: false }), marked.text({ isLong: false })];
  expect(marked.words).toEqual([7, 3, 3]);
  expect(marked.made).toEqual({ words: [7, 3, 3] });
  expect(texts.map((text) => marksIn(text ?? '').map(({ position }) => position))).toEqual([
    [0, 1, 2, 3, 4, 5, 6],
    [128, 129, 130],
    [256, 257, 258],
  ]);
});

test('what a receipt says does not change with later texts', () => {
  const marked = answer(8);
  marked.text({ isLong: true });
  const { made } = marked;
  marked.text({ isLong: true });
  expect(made).toEqual({ words: [7] });
  expect(answer(9).made).toEqual({ words: [] });
});

test('a text keeps its limits', () => {
  for (const [minLength, maxLength] of [
    [0, 10],
    [15, 18],
    [200, 2000],
    [3000, 3000],
  ] as const) {
    const text = answer(8).text({ isLong: true, minLength, maxLength }) ?? '';
    expect([text.length >= minLength, text.length <= maxLength], text).toEqual([true, true]);
  }
  expect(answer(8).text({ isLong: true, maxLength: 9 })).toBeUndefined();
});

test('a text that is cut has the words that are left', () => {
  const marked = answer(8);
  marked.text({ isLong: false });
  const text = marked.text({ isLong: true }) ?? '';
  marked.cut(1, text.slice(0, 30));
  expect(marked.words).toEqual([3, 2]);
});
