import { expect, test } from 'vitest';
import { wordsInOrder } from '../../../../harness/checkers/answers/words-in-order.ts';
import { answered, factsWith, got, judged, oneByOne, unique } from './answers.ts';

const PASS = [{ verdict: 'PASS' }];

test('words in order pass, whichever are there', () => {
  expect(judged(wordsInOrder, oneByOne('1:0-9', '2:3,5-7'))).toMatchObject([
    { check: 'answers in order and once', observed: 'in each of 2 responses of ask', verdict: 'PASS' },
  ]);
});

test.each([
  ['a piece that comes twice', '1:0-3,2-9', 'words 2–3 of receipt 1 in answer came twice', 'passed on twice'],
  ['a text that begins again', '1:0-3,0-9', 'words 0–3 of receipt 1 in answer came twice', 'passed on twice'],
  [
    'pieces in another order',
    '1:0-2,6-9,3-5',
    'words 3–5 of receipt 1 in answer came after later ones',
    'concurrently',
  ],
])('%s fails', (_, marks, observed, usually) => {
  expect(judged(wordsInOrder, oneByOne(marks))).toMatchObject([
    {
      verdict: 'FAIL',
      observed: `ask, sent after 0.00 s: ${observed}`,
      usually: expect.stringContaining(usually),
      texts: {},
    },
  ]);
});

test('a whole text fails that comes twice in a stream, and may do so in a template', () => {
  const twice = (more: object) => judged(wordsInOrder, [answered(1, 5), got(0, '1:0-9,0-9', more)]);
  expect(twice({ stream: true })).toMatchObject([{ verdict: 'FAIL' }]);
  expect(twice({})).toMatchObject(PASS);
});

test('a web page may also have a part of a text twice', () => {
  const page = (marks: string) => judged(wordsInOrder, [answered(1, 5), got(0, { '<html>': marks })]);
  expect(page('1:0-3,0-9')).toMatchObject(PASS);
  expect(judged(wordsInOrder, [answered(1, 5), got(0, { '': '1:0-3,0-9' })])).toMatchObject([{ verdict: 'FAIL' }]);
});

test('the same text at several places is not there twice', () => {
  const parts = { delta: '1:0-9', text: '1:0-9', 'response.output[].text': '1:0-9' };
  expect(judged(wordsInOrder, [answered(1, 5), got(0, parts, { stream: true })])).toMatchObject(PASS);
});

test('several choices or fields follow each other, but are not mixed', () => {
  const of = (marks: string) => judged(wordsInOrder, [answered(1, 5, { answer: { words: [4, 4] } }), got(0, marks)]);
  expect(of('1:0-3 1.1:0-3')).toMatchObject(PASS);
  expect(of('1:0-1 1.1:0-3 1:2-3')).toMatchObject([
    {
      verdict: 'FAIL',
      observed: expect.stringContaining('words of text 1 of receipt 1 are between those of its text 0 in answer'),
      usually: expect.stringContaining('tool calls'),
    },
  ]);
});

test('copies of several fields may follow each other', () => {
  const answer = answered(1, 5, { answer: { words: [4, 4] } });
  expect(judged(wordsInOrder, [answer, got(0, '1:0-3 1.1:0-3 1:0-3 1.1:0-3')])).toMatchObject(PASS);
});

test('positions of a long text start again after 128 words', () => {
  const long = answered(1, 5, { answer: { words: [200] } });
  expect(judged(wordsInOrder, [long, got(0, '1:0-127,0-71')])).toMatchObject(PASS);
  expect(judged(wordsInOrder, [long, got(0, '1:0-127,0-71,60-71')])).toMatchObject([
    { verdict: 'FAIL', observed: expect.stringContaining('words 188–199') },
  ]);
});

test('quoted text and a digest may repeat words', () => {
  const quoting = answered(2, 105, { unique: [unique(2)], quotes: [1] });
  const history = got(100, { answer: '2:0-9', log: '1:0-9,0-9,3' }, { unique: unique(2) });
  expect(judged(wordsInOrder, [...oneByOne('1:0-9'), quoting, history])).toMatchObject(PASS);
  expect(judged(wordsInOrder, oneByOne('1:0-3,0'), factsWith({ answers: { as: 'digest' } }))).toEqual([]);
});

test('the vectors of embeddings are in their order, too', () => {
  const of = (marks: string) =>
    judged(wordsInOrder, [answered(1, 5, { answer: { words: [], vectors: 300 } }), got(0, marks)]);
  expect(of('1.v:0-299')).toMatchObject(PASS);
  expect(of('1.v:0-1,4,2-3')).toMatchObject([
    { verdict: 'FAIL', observed: 'ask, sent after 0.00 s: vectors 2–3 of receipt 1 in answer came after later ones' },
  ]);
});
