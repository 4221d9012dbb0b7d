import { expect, test } from 'vitest';
import { piecesRead } from '../../../../harness/checkers/answers/pieces-read.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { begun } from '../../../support/history.ts';
import { answered, factsWith, got, judged, oneByOne, unique } from './answers.ts';

const ALONE = { action: 'pieces alone', endpoint: 'ask' } as const;
const planned = (facts: Facts): Facts => ({ ...facts, proof: { ...facts.proof, plan: [ALONE] } });
const PROMISED = planned(factsWith({ answers: { as: 'whole', lineEnds: ['crlf', 'cr'] } }));
const UNPROMISED = planned(factsWith());

/** Calls in the phase, after one in the steady state: what their responses show. One of them falls back. */
const seen = (facts: Facts, shown: Record<string, string>, fallen?: string) => {
  const events = Object.entries(shown).flatMap(([about, marks], index): HistoryEvent[] => [
    answered(index + 2, index * 100 + 305, {
      unique: [unique(index + 2)],
      ...(about === fallen && { upstream: 'backup' }),
      faults: about === fallen ? [] : ['f1:split-chunks'],
    }),
    got(index * 100 + 300, marks, { unique: unique(index + 2), stream: true, tags: { phase: '1', about } }),
  ]);
  return judged(piecesRead, [...oneByOne('1:0-9'), begun(1, ALONE, 200, 0), ...events], facts);
};

const WHOLE = { 'in pieces': '2:0-9', crlf: '3:0-9', 'crlf in pieces': '4:0-9', cr: '5:0-9', 'cr in pieces': '6:0-9' };

test('a service that reads all pieces passes, with a check for each promised line end', () => {
  const checks = [
    'reads answers in pieces: ask',
    'reads answers whose lines end with CRLF: ask',
    'reads answers whose lines end with CR: ask',
  ];
  expect(seen(PROMISED, WHOLE)).toMatchObject(checks.map((check) => ({ check, verdict: 'PASS' })));
  expect(piecesRead.cases?.(PROMISED)?.map(({ check }) => check)).toEqual(checks);
  expect(seen(UNPROMISED, WHOLE)).toMatchObject([{ verdict: 'PASS' }]);
});

test('line ends that are not read are named if nothing promises them, and otherwise fail', () => {
  const unread = { ...WHOLE, cr: '5:0-7', 'cr in pieces': '' };
  expect(seen(UNPROMISED, unread)).toMatchObject([
    { verdict: 'PASS', evidence: [expect.stringMatching(/^not judged: lines that end with CR: .*lineEnds: \[cr\]/)] },
  ]);
  expect(seen(PROMISED, unread)).toMatchObject([{ verdict: 'PASS' }, { verdict: 'PASS' }, { verdict: 'FAIL' }]);
});

test('an answer of another upstream does not show that the first one was read', () => {
  expect(seen(PROMISED, WHOLE, 'cr')).toMatchObject([
    { verdict: 'PASS' },
    { verdict: 'PASS' },
    { verdict: 'FAIL', observed: 'an answer of backup instead' },
  ]);
});

test.each(['in pieces', 'crlf in pieces'])('an answer that is not whole %s fails', (about) => {
  expect(seen(UNPROMISED, { ...WHOLE, [about]: '' })).toMatchObject([
    { verdict: 'FAIL', observed: expect.stringMatching('no word of receipt') },
  ]);
});

test('a call that was not made is INCONCLUSIVE, and nothing is judged of an endpoint that shows no answer', () => {
  const { 'in pieces': _, ...others } = WHOLE;
  expect(seen(UNPROMISED, others)).toMatchObject([{ verdict: 'INCONCLUSIVE', observed: 'no call was made' }]);
  expect(judged(piecesRead, [begun(1, ALONE, 0, 0)], UNPROMISED)).toEqual([]);
});
