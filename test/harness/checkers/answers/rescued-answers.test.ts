import { expect, test } from 'vitest';
import { rescuedAnswers } from '../../../../harness/checkers/answers/rescued-answers.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { begun } from '../../../support/history.ts';
import { answered, factsWith, got, judged, unique } from './answers.ts';

const PHASE = { action: 'rescued', upstream: 'llm', fault: 'plain-500', failures: 1, endpoint: 'ask' } as const;

/** A call in the steady state, and one whose first attempt (receipt 2) fails and whose second one (receipt 3) does not. */
const history = (steady: string, rescued: string, status = 200): HistoryEvent[] => [
  begun(1, { action: 'steady' }, 0, 0),
  answered(1, 105, { unique: [unique(1)] }),
  got(100, steady, { unique: unique(1), tags: { phase: '1' } }),
  begun(2, PHASE, 1_000, 1),
  answered(2, 1_105, { unique: [unique(2)], faults: ['f1:malformed-json'] }),
  answered(3, 1_110, { unique: [unique(2)] }),
  got(1_100, rescued, { unique: unique(2), tags: { phase: '2', about: 'rescued' }, call: { status } }),
];

const verdictOf = (steady: string, rescued: string, status?: number) =>
  judged(rescuedAnswers, history(steady, rescued, status))[0];

test('a response with the words of the good attempt passes', () => {
  expect(verdictOf('1:0-9', '3:0-9')).toMatchObject({
    check: 'answer of the good attempt: llm, ask',
    requests: [{ phase: '2', about: 'rescued' }],
    verdict: 'PASS',
  });
});

test.each([
  ['no words', '', 'no word of receipt 3 in the response'],
  ['words of the failed attempt', '2:0-9', 'words 0–9 of an attempt that failed'],
  ['words of both attempts', '2:0-3 3:0-9', 'words 0–3 of an attempt that failed'],
])('a response with %s fails', (_, words, observed) => {
  expect(verdictOf('1:0-9', words)).toMatchObject({ verdict: 'FAIL', observed: expect.stringContaining(observed) });
});

test('nothing is known of an endpoint that shows no words, or of a call that was not served', () => {
  expect(verdictOf('', '')).toBeUndefined();
  expect(verdictOf('1:0-9', '', 502)?.verdict).toBe('INCONCLUSIVE');
});

test('an endpoint that promises how answers show has a case', () => {
  const casesOf = (as: 'whole' | 'digest' | undefined) => {
    const facts = factsWith(as && { answers: { as } });
    return rescuedAnswers.cases?.({ ...facts, proof: { ...facts.proof, plan: [PHASE] } });
  };
  expect(casesOf('whole')).toEqual([
    { check: 'answer of the good attempt: llm, ask', promises: [['endpoints', 'ask', 'answers', 'as']] },
  ]);
  expect(casesOf('digest')).toEqual([]);
  expect(casesOf(undefined)).toEqual([]);
});
