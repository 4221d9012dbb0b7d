import { expect, test } from 'vitest';
import { slowReadersGetAll } from '../../../../harness/checkers/answers/slow-readers-get-all.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { begun } from '../../../support/history.ts';
import { answered, at, factsWith, judged } from './answers.ts';

const SLOW = { action: 'slow readers', endpoint: 'ask', upstream: 'llm' } as const;
const PROMISED = factsWith({ answers: { as: 'whole' } });

const metric = (name: string, value: number, about: string): HistoryEvent => ({
  type: 'metric',
  at: at(10),
  metric: name,
  value,
  tags: { phase: '1', endpoint: 'ask', about },
});

/** Readers of a stream with 1,000 words: whether it ended, its words, and those before the first that is wrong. */
const read = (
  readers: readonly [whole: number, words: number, right: number][],
  faults = ['f1:flood'],
  facts = PROMISED,
) =>
  judged(
    slowReadersGetAll,
    [
      begun(1, SLOW, 0, 0),
      answered(1, 5, { faults, answer: { words: [1_000] } }),
      ...readers.flatMap(([whole, words, right], index) => [
        metric('slow_reader_whole', whole, String(index)),
        metric('slow_reader_words', words, String(index)),
        metric('slow_reader_words_in_order', right, String(index)),
      ]),
    ],
    facts,
  );

test('readers who get all words in order pass, also if a stream of another one breaks off', () => {
  expect(read([[1, 1_000, 1_000]])).toMatchObject([{ verdict: 'PASS', observed: '1 reader got words of 1 stream' }]);
  expect(
    read([
      [1, 1_000, 1_000],
      [0, 700, 700],
    ]),
  ).toMatchObject([{ verdict: 'PASS' }]);
});

test.each([
  ['are missing in the middle', [0, 900, 640], '640 words in order, and then others (900 in all)'],
  ['are missing at the end of a whole stream', [1, 990, 990], '990 words'],
] as const)('words that %s fail', (_, reader, observed) => {
  expect(read([[1, 1_000, 1_000], [...reader]])).toMatchObject([{ verdict: 'FAIL', observed }]);
});

test('without a whole long stream, it is INCONCLUSIVE if the contract promises answers', () => {
  expect(read([[0, 700, 700]])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(read([[1, 1_000, 1_000]], [])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(read([])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(read([], [], factsWith())).toEqual([]);
});
