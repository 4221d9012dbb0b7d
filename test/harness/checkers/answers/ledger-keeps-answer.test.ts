import { expect, test } from 'vitest';
import { ledgerKeepsAnswer } from '../../../../harness/checkers/answers/ledger-keeps-answer.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { answered, at, factsWith, got, judged, unique } from './answers.ts';

const ledger = { endpoint: 'ask', table: 'notes', column: 'id', key: 'note-${unique}', acknowledged: [200] };
const FACTS = factsWith({}, {}, { ledger: { ...ledger, answer: 'text' } });

/** Two calls that got all words of their answers. */
const CALLS: HistoryEvent[] = [1, 2].flatMap((n) => [
  answered(n, n * 100 + 5, { unique: [unique(n)] }),
  got(n * 100, `${n}:0-9`, { unique: unique(n), tags: { key: `note-${n}` } }),
]);
const CHECK = { check: 'ledger keeps the answer: ask', expected: 'each row has the answer that its caller got' };

const stored = (answers: Record<string, string>, events = CALLS) =>
  judged(
    ledgerKeepsAnswer,
    [...events, { type: 'stored', at: at(1_000), rows: { 'note-1': 1, 'note-2': 1 }, answers }],
    FACTS,
  )[0];

test('rows with the words that the callers got pass', () => {
  expect(stored({ 'note-1': '1:0-9', 'note-2': '2:0-9' })).toEqual({
    ...CHECK,
    observed: '2 rows with the words of the response',
    verdict: 'PASS',
  });
});

test('a row with the answer to another call fails', () => {
  expect(stored({ 'note-1': '1:0-9', 'note-2': '1:0-9' })).toMatchObject({
    observed: 'the row note-2 has words 0–9 of receipt 1; its caller got words 0–9 of receipt 2',
    verdict: 'FAIL',
    texts: { expected: expect.anything() },
  });
});

test('a row with both answers, and one with a part, fail', () => {
  expect(stored({ 'note-1': '1:0-9', 'note-2': '2:0-9 1:0-3' })).toMatchObject({
    observed: 'the row note-2 has words 0–3 of receipt 1; its caller got words 0–9 of receipt 2',
  });
  expect(stored({ 'note-1': '1:0-3,5-9' })).toMatchObject({
    observed: 'the row note-1 lacks word 4 of receipt 1',
    evidence: ['the row note-2 lacks words 0–9 of receipt 2'],
    verdict: 'FAIL',
  });
});

test('nothing is known without a row, a response with words, or an acknowledged call', () => {
  expect(judged(ledgerKeepsAnswer, CALLS, FACTS)).toEqual([
    { ...CHECK, observed: 'the table was not read', verdict: 'INCONCLUSIVE' },
  ]);
  const problem = { type: 'stored' as const, at: at(1_000), rows: {}, problem: 'relation "x" does not exist' };
  expect(judged(ledgerKeepsAnswer, [...CALLS, problem], FACTS)).toMatchObject([
    { observed: 'relation "x" does not exist', verdict: 'INCONCLUSIVE' },
  ]);
  const silent = [answered(1, 5), got(0, '', { tags: { key: 'note-1' } })];
  expect(stored({ 'note-1': '1:0-9' }, silent)).toMatchObject({ verdict: 'INCONCLUSIVE' });
  const failed = [answered(1, 5), got(0, '1:0-9', { tags: { key: 'note-1' }, call: { status: 502 } })];
  expect(stored({ 'note-1': '1:0-9' }, failed)).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

test('a ledger without a column for answers is not judged', () => {
  expect(judged(ledgerKeepsAnswer, CALLS, factsWith({}, {}, { ledger }))).toEqual([]);
});
