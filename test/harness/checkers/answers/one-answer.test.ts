import { expect, test } from 'vitest';
import { oneAnswer } from '../../../../harness/checkers/answers/one-answer.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { answered, factsWith, got, judged, unique } from './answers.ts';

const PASS = [{ verdict: 'PASS' }];
const FAIL = [{ verdict: 'FAIL' }];

/** A call with two attempts, of which the first one broke off. */
const retried = (
  marks: string | Record<string, string>,
  { first = {}, second = {}, ...more }: Parameters<typeof got>[2] & { first?: object; second?: object } = {},
): HistoryEvent[] => [
  answered(1, 5, { outcome: 'cut', unique: [unique(1)], ...first }),
  answered(2, 8, { unique: [unique(1)], ...second }),
  got(0, marks, { unique: unique(1), stream: true, ...more }),
];

test('the words of one attempt pass', () => {
  expect(judged(oneAnswer, retried('2:0-9'))).toMatchObject([{ check: 'one answer for each call', verdict: 'PASS' }]);
  expect(judged(oneAnswer, retried('1:0-3', { ends: 'error' }))).toMatchObject(PASS);
});

test('the words of a failed attempt must not be followed by those of the next', () => {
  expect(judged(oneAnswer, retried('1:0-3 2:0-9'))).toMatchObject([
    {
      verdict: 'FAIL',
      observed: 'ask, sent after 0.00 s: words 0–3 of receipt 1 are followed by words 0–9 of receipt 2 in answer',
    },
  ]);
  expect(judged(oneAnswer, retried('1:0-3 2:4-9', { ends: 'error' }))).toMatchObject([
    { verdict: 'FAIL', observed: expect.stringMatching(/, and an error$/) },
  ]);
});

test('a fallback is another attempt, another upstream is not', () => {
  const elsewhere = retried('1:0-3 2:0-9', { second: { upstream: 'backup' } });
  expect(judged(oneAnswer, elsewhere, factsWith({ fallback: ['llm', 'backup'] }))).toMatchObject(FAIL);
  expect(judged(oneAnswer, elsewhere, factsWith({ reaches: ['llm', 'backup'] }))).toMatchObject(PASS);
});

test('a text may be made of two whole answers', () => {
  expect(judged(oneAnswer, retried('1:0-9 2:0-9', { first: { outcome: 'answered' } }))).toMatchObject(PASS);
});

test('a text that is made of parts of two answers in the steady state may be so later', () => {
  const calls = (seq: number, after: number, n: number): HistoryEvent[] => [
    answered(seq, after + 5, { unique: [unique(n)] }),
    answered(seq + 1, after + 8, { unique: [unique(n)] }),
    got(after, `${seq}:0-3 ${seq + 1}:0-5`, { unique: unique(n) }),
  ];
  expect(judged(oneAnswer, [...calls(1, 0, 1), ...calls(3, 100, 2)])).toMatchObject(PASS);
});

const usage = (input: number, output: number) => ({ usage: [input, output] as [number, number] });
/** A call with one attempt, and one with two. The second one reports these tokens. */
const reporting = (tokens: [number | null, number | null] | undefined, shown = '3:0-9'): HistoryEvent[] => [
  answered(1, 5, { unique: [unique(1)], ...usage(7, 20) }),
  got(0, '1:0-9', { unique: unique(1), usage: [7, 20] }),
  answered(2, 105, { unique: [unique(2)], outcome: 'cut', ...usage(7, 24) }),
  answered(3, 108, { unique: [unique(2)], ...usage(7, 28) }),
  got(100, shown, { unique: unique(2), ...(tokens && { usage: tokens }) }),
];

test('the tokens are those of the answer that is shown', () => {
  expect(judged(oneAnswer, reporting([7, 28]))).toMatchObject(PASS);
  expect(judged(oneAnswer, reporting([null, 28]))).toMatchObject(PASS);
  expect(judged(oneAnswer, reporting(undefined))).toMatchObject(PASS);
  expect(judged(oneAnswer, reporting([7, 24]))).toMatchObject([
    {
      verdict: 'FAIL',
      observed: expect.stringContaining('7 and 24 tokens with the words of receipt 3, which are those of receipt 2'),
      expected: '7 and 28 tokens, as receipt 3 has',
    },
  ]);
  expect(judged(oneAnswer, reporting([14, 52]))).toMatchObject(FAIL);
});

test('tokens that are counted in another way in the steady state are not judged', () => {
  const [answer, , ...later] = reporting([14, 52]);
  const first = got(0, '1:0-9', { unique: unique(1), usage: [70, 200] });
  expect(judged(oneAnswer, [answer as HistoryEvent, first, ...later])).toMatchObject(PASS);
});

test('the model is that of the answer that is shown, if the contract says how answers show', () => {
  const events = retried('2:0-9', { first: { model: 'luna' }, second: { model: 'sol' }, model: 'luna' });
  expect(judged(oneAnswer, events)).toMatchObject(PASS);
  expect(judged(oneAnswer, events, factsWith({ answers: { as: 'whole' } }))).toMatchObject([
    { verdict: 'FAIL', observed: 'ask, sent after 0.00 s: the model luna of receipt 1 with the words of receipt 2' },
  ]);
});
