import { expect, test } from 'vitest';
import { callersApart } from '../../../../harness/checkers/upstream/callers-apart.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, metric, receipt, request } from '../../../support/history.ts';

const ENDPOINT = 'conversation-end';
const tags = (about: string, unique: string) => ({ phase: '1', about, endpoint: ENDPOINT, unique });

/** A call alone whose text is `a`, and calls at once with these statuses, whose texts are `b`, `c` and so on. */
const called = (...statuses: number[]): HistoryEvent[] => [
  request(1, 5, 201, tags('alone', 'a')),
  ...statuses.map((status, index) => request(10, 50, status, tags('at once', 'bcdefg'.charAt(index)))),
];

/** Requests of the memory API with these texts. */
const arrived = (...texts: string[]): HistoryEvent[] =>
  texts.map((text, index) => ({ ...receipt(index + 1, 12, 1, 'mem0'), unique: [text, 'of-another-run'] }));

const judge = (...events: HistoryEvent[]) =>
  callersApart(
    new History([begun(1, { action: 'callers at once', endpoint: ENDPOINT }, 0, 0), ...events]),
    facts(),
    ENDPOINT,
  );

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'each text arrives', [...called(201, 201), ...arrived('a', 'b', 'c')]],
  ['PASS', 'a call is not served', [...called(201, 201, 503), ...arrived('a', 'b', 'c')]],
  ['PASS', 'a call is served without the upstream', [...called(201, 201, 201), ...arrived('a', 'b', 'c')]],
  ['PASS', 'a call is repeated', [...called(201, 201), ...arrived('a', 'b', 'b', 'c')]],
  ['PASS', 'each call makes two requests', [...called(201, 201), ...arrived('a', 'a', 'b', 'c', 'b', 'c')]],
  ['FAIL', 'a text arrives twice, and another one never', [...called(201, 201), ...arrived('a', 'c', 'c')]],
  ['FAIL', 'all texts are those of one call', [...called(201, 201, 201), ...arrived('a', 'd', 'd', 'd')]],
])('%s if %s', (verdict, _, events) => {
  expect(judge(...events)).toMatchObject([{ check: 'callers kept apart: conversation-end at mem0', verdict }]);
});

test.each<[string, HistoryEvent[]]>([
  ['the upstream never gets the text of a call', [...called(201, 201), receipt(1, 12, 1, 'mem0')]],
  ['only one call at once is served', [...called(201, 503), ...arrived('a', 'b')]],
  ['no call is made', []],
])('judges nothing if %s', (_, events) => {
  expect(judge(...events)).toEqual([]);
});

test('names the texts of the calls that are mixed up', () => {
  expect(judge(...called(201, 201), ...arrived('a', 'c', 'c'))).toMatchObject([
    {
      observed: '1 of 2 served calls did',
      evidence: [
        'texts that mem0 did not get although their callers were served: b',
        'texts that it got more often than from a call alone: c',
      ],
      usually: expect.stringMatching(/^A request to an upstream is made from another caller's data/),
    },
  ]);
});

/** A request of the memory API with this text, in the trace of a call. */
const inTrace = (trace: string, text: string, seq: number): HistoryEvent => ({
  ...receipt(seq, 12, 1, 'mem0'),
  unique: [text],
  trace,
});
/** A call at once that is in a trace. */
const traced = (text: string, trace: string): HistoryEvent => ({
  ...request(10, 50, 201, tags('at once', text)),
  trace,
});

test('two callers whose texts are swapped fail by the traces that the service passes on', () => {
  const calls = [request(1, 5, 201, tags('alone', 'a')), traced('b', 'trace-b'), traced('c', 'trace-c')];
  const [alone] = arrived('a');
  const swappedTo = (...texts: [string, string]) =>
    judge(...calls, alone as HistoryEvent, inTrace('trace-b', texts[0], 2), inTrace('trace-c', texts[1], 3));
  expect(swappedTo('b', 'c')).toMatchObject([{ verdict: 'PASS' }]);
  expect(swappedTo('c', 'b')).toMatchObject([
    { verdict: 'FAIL', evidence: ['callers whose trace has the text of another caller: b, c'] },
  ]);
});

/** What the script noted about the answer to a call at once. */
const shown = (text: string, value: number, about = 'shown'): HistoryEvent =>
  metric('answers_with_the_text_of_another_caller', 70, value, { ...tags(about, text), endpoint: ENDPOINT });

test('answers that show the text of another caller fail', () => {
  const calls = called(201, 201);
  expect(judge(...calls, shown('b', 0), shown('c', 0))).toMatchObject([
    { check: 'callers kept apart: answers of conversation-end', verdict: 'PASS' },
  ]);
  expect(judge(...calls, shown('b', 1), shown('c', 1))).toMatchObject([
    {
      observed: '2 of 2 answers show the text of another caller instead',
      evidence: ['callers who got the answer to another: b, c'],
      usually: expect.stringMatching(/^A caller gets the answer to another/),
      verdict: 'FAIL',
    },
  ]);
  expect(judge(...calls, shown('b', 0, 'not shown'), shown('c', 0, 'not shown'))).toEqual([]);
});
