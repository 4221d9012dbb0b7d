import { expect, test } from 'vitest';
import { markWord } from '../../../../faults/marks/marks.ts';
import { answersWhole } from '../../../../harness/checkers/answers/answers-whole.ts';
import { oneAnswer } from '../../../../harness/checkers/answers/one-answer.ts';
import { ownAnswers } from '../../../../harness/checkers/answers/own-answers.ts';
import { wordsInOrder } from '../../../../harness/checkers/answers/words-in-order.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { answered, at, factsWith, got, judged, oneByOne, unique } from './answers.ts';

const PASS = [{ verdict: 'PASS' }];
const FAIL = [{ verdict: 'FAIL' }];

const fault = (after: number, id?: string): HistoryEvent => ({
  type: 'fault',
  at: at(after),
  upstream: 'llm',
  asked: {},
  ...(id !== undefined && { id }),
});

/** A call whose upstream request meets these faults, after a call that had all words. */
const then = (
  second: string | Record<string, string>,
  { receipt = {}, ...more }: Parameters<typeof got>[2] & { receipt?: object } = {},
): HistoryEvent[] => [
  ...oneByOne('1:0-9'),
  fault(50, 'f1'),
  answered(2, 105, { unique: [unique(2)], ...receipt }),
  got(100, second, { unique: unique(2), ...more }),
];

test.each([
  ['in the middle', '1:0-3,5-9', 'word 4 of receipt 1 are missing in answer'],
  ['often', '1:0,3,6,9', 'words 1–2, 4–5 and 7–8 of receipt 1 are missing in answer'],
])('words that are missing %s fail in any response, also in the steady state', (_, marks, observed) => {
  expect(judged(answersWhole, oneByOne(marks))).toMatchObject([
    {
      verdict: 'FAIL',
      observed: `ask, sent after 0.00 s: ${observed.replace('word 4 of receipt 1 are', 'word 4 of receipt 1 is')}`,
    },
  ]);
});

test('the first or last words that are missing in a stream fail, also in the steady state', () => {
  const stream = (marks: string, parts: object = {}) =>
    judged(answersWhole, [answered(1, 5), got(0, { delta: marks, ...parts }, { stream: true })]);
  expect(stream('1:1-9')).toMatchObject([{ verdict: 'FAIL', usually: expect.stringContaining('first piece') }]);
  expect(stream('1:0-8')).toMatchObject([{ verdict: 'FAIL', usually: expect.stringContaining('last piece') }]);
  // The first piece may be in another event.
  expect(stream('1:1-9', { done: '1:0-9' })).toMatchObject(PASS);
});

test('a text that is cut in the steady state is not judged, and named', () => {
  expect(judged(answersWhole, oneByOne('1:0-5', '2:0-4'))).toMatchObject([
    {
      verdict: 'PASS',
      evidence: ['not judged: words that are missing in answer of ask, which shows only a part of an answer'],
    },
  ]);
  expect(judged(answersWhole, oneByOne('1:0-5', '2:0-4'), factsWith({ answers: { as: 'whole' } }))).toMatchObject(FAIL);
  expect(judged(answersWhole, oneByOne('1:0,3', '2:0-4'), factsWith({ answers: { as: 'part' } }))).toEqual([]);
});

test('nothing is learnt from calls after the steady state', () => {
  const phase = (id: number, after: number, action: 'steady' | 'end'): HistoryEvent => ({
    type: 'phase',
    at: at(after),
    id,
    data: { action },
    title: action,
    receipts: 0,
  });
  const events = [phase(1, 0, 'steady'), ...oneByOne('1:0-9', '2:0-7')];
  expect(judged(answersWhole, events)).toMatchObject(PASS);
  expect(judged(answersWhole, [...events, phase(2, 50, 'end')])).toMatchObject(FAIL);
});

test('the end of a longer answer than those that were seen whole is judged only if the contract promises it', () => {
  const longer = { receipt: { answer: { words: [13] } } };
  expect(judged(answersWhole, then('2:0-9', longer))).toMatchObject(PASS);
  expect(judged(answersWhole, then('2:0-8', longer))).toMatchObject(FAIL);
  expect(judged(answersWhole, then('2:1-12', longer))).toMatchObject(FAIL);
  expect(judged(answersWhole, then('2:0-9', longer), factsWith({ answers: { as: 'whole' } }))).toMatchObject(FAIL);
});

test('a text that says that a limit has cut it must be whole only if such a text was', () => {
  const limited = { limited: true } as const;
  expect(judged(answersWhole, then('2:0-5', limited))).toMatchObject(PASS);
  expect(judged(answersWhole, then('2:0-5', { ...limited, stream: true }))).toMatchObject(PASS);
  expect(judged(answersWhole, then('2:0-3,5', limited))).toMatchObject(FAIL);
  const before = [answered(3, 305, { unique: [unique(3)] }), got(300, '3:0-9', { unique: unique(3), ...limited })];
  const healed = { ...fault(200) };
  expect(judged(answersWhole, [...then('2:0-5', limited), healed, ...before])).toMatchObject(FAIL);
});

test.each([
  ['digest', [true, false, false, false]],
  ['part', [true, true, true, false]],
  ['whole', [true, true, true, true]],
] as const)('a contract with nothing but %s has cases for checks that can judge it', (as, expected) => {
  const facts = factsWith({ answers: { as } });
  const plan = [{ action: 'split answers', endpoint: 'ask' } as const];
  const cases = [ownAnswers, wordsInOrder, oneAnswer, answersWhole].map((checker) =>
    checker.cases?.({ ...facts, proof: { ...facts.proof, plan } }),
  );
  expect(cases.map((of) => of?.length === 1)).toEqual(expected);
});

test('nothing is learnt from calls at once', () => {
  const events = [answered(1, 5), got(0, '1:0-9'), got(10, '2:0-7', {}), answered(2, 15)];
  expect(judged(answersWhole, events)).toMatchObject(PASS);
});

test('an answer that a fault has cut may be a part if the caller is told', () => {
  const cut = { receipt: { outcome: 'cut', faults: ['f1:cut-stream'] }, stream: true } as const;
  expect(judged(answersWhole, then('2:0-3', cut))).toMatchObject([
    { verdict: 'FAIL', usually: expect.stringContaining('broke off') },
  ]);
  const ended = (more: Parameters<typeof got>[2]) => judged(answersWhole, then('2:0-3', { ...cut, ...more }));
  expect(ended({ ends: 'error' })).toMatchObject([{ observed: 'in each of 1 response of ask' }]);
  expect(ended({ ends: 'cut' })).toMatchObject([{ observed: 'in each of 1 response of ask' }]);
  expect(ended({ call: { status: 502 } })).toMatchObject([{ observed: 'in each of 1 response of ask' }]);
});

test('an answer that was only late must be whole', () => {
  expect(judged(answersWhole, then('2:0-3', { receipt: { faults: ['f1:latency'] } }))).toMatchObject([
    { verdict: 'FAIL', usually: expect.stringContaining('last piece') },
  ]);
});

test('a response without a word fails if the endpoint shows whole answers', () => {
  expect(judged(answersWhole, then({}))).toMatchObject([
    { verdict: 'FAIL', observed: expect.stringContaining('no word of receipt 2 in the response') },
  ]);
  // It was not searched.
  expect(judged(answersWhole, then({}, { unread: true }))).toMatchObject(PASS);
  // Its upstream was too late, has failed, or was not called.
  expect(judged(answersWhole, then({}, { receipt: { endedAt: at(900) } }))).toMatchObject(PASS);
  expect(judged(answersWhole, then({}, { receipt: { outcome: 'cut' } }))).toMatchObject(PASS);
  expect(judged(answersWhole, [...oneByOne('1:0-9'), got(100, {}, { unique: unique(2) })])).toMatchObject([
    { observed: 'in each of 1 response of ask' },
  ]);
});

test('a response of an endpoint that only reads may have no word of an answer that was stored just before', () => {
  const read = { method: 'GET' as const, path: '/answers/${unique}', served: [200, 404] };
  const reads = (after: number, n: number, shown: string | Record<string, string>, status: number) =>
    got(after, shown, { unique: unique(n), tags: { endpoint: 'read' }, call: { method: 'GET', status } });
  const stored = [...oneByOne('1:0-9', '2:0-9'), reads(22, 1, '1:0-9', 200), reads(122, 2, {}, 404)];
  expect(judged(answersWhole, stored, factsWith({}, { read }))).not.toMatchObject([{ verdict: 'FAIL' }]);
});

test('broken words fail that begin like those of the own answer', () => {
  const start = markWord(1, 0).slice(0, 4);
  const broken = (marks: string) => judged(answersWhole, [answered(1, 5), got(0, { delta: marks }, { stream: true })]);
  expect(broken(`~${start}:5`)).toMatchObject([
    {
      verdict: 'FAIL',
      observed: 'ask, sent after 0.00 s: 5 of 10 words of receipt 1 are broken in delta',
      usually: expect.stringContaining('lost'),
    },
  ]);
  expect(broken(`~${start}:5+6`)).toMatchObject([
    {
      verdict: 'FAIL',
      observed: expect.stringMatching(/, and 6 pieces come twice$/),
      usually: expect.stringContaining('twice'),
    },
  ]);
  expect(broken('~xaxa:5')).toMatchObject(PASS);
});

test('words that are broken in a text with all of its letters came in another order', () => {
  const broken = `~${markWord(1, 0).slice(0, 4)}:5+0`;
  const causes = [`${broken}/80`, `${broken}/62`].map((marks) => {
    const events = [answered(1, 5, { usage: [1, 20] }), got(0, { delta: marks }, { stream: true })];
    return judged(answersWhole, events)[0]?.usually;
  });
  expect(causes).toEqual([expect.stringContaining('concurrently'), expect.stringContaining('lost')]);
});

test('the response that shows the cause comes first', () => {
  const broken = `1:0,4 ~${markWord(1, 0).slice(0, 4)}:5+6/99`;
  const stream = (after: number, marks: string) => got(after, { delta: marks }, { stream: true });
  const events = [answered(1, 5), stream(0, broken.replace(/ .*/, '')), stream(1, broken), stream(2, broken)];
  expect(judged(answersWhole, events)).toMatchObject([
    { observed: expect.stringMatching(/and 2 more/), usually: expect.stringContaining('twice') },
  ]);
});

test('parts of a text that are cut on purpose may have broken words', () => {
  const start = markWord(1, 0).slice(0, 4);
  const page = (marks: string) => judged(answersWhole, [answered(1, 5), got(0, { '<html>': marks })]);
  expect(page(`1:0-2,0-4,0-9 ~${start}:2+0/99`)).toMatchObject(PASS);
  expect(page(`1:0-2,0-4 ~${start}:2+0/99`)).toMatchObject(PASS);
  expect(page(`1:0 ~${start}:5+0/99`)).toMatchObject(FAIL);
});
