import { expect, test } from 'vitest';
import { phaseTag } from '../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { saidMeanwhile } from '../../../harness/judge/said-meanwhile.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { facts, request, T0 } from '../../support/history.ts';

const log = (after: number, text: string): HistoryEvent => ({ type: 'log', at: T0 + after, text });
const FAILED: Finding = {
  check: '',
  expected: '',
  observed: '',
  verdict: 'FAIL',
  requests: [{ phase: phaseTag({ id: 1 }) }],
};
const NO_TABLE = 'error: relation "answers" does not exist';

/** What the log said while a call was answered, 1 s after the beginning. */
const saidOf = (status: number, lines: HistoryEvent[], isWhole = true, finding = FAILED) => {
  const call = request(1_000, 20, status, { phase: '1', endpoint: 'conversation-end' });
  return saidMeanwhile(new History([call, ...lines]), facts('llm'), finding, isWhole);
};

const LINES = [
  log(10, 'Error: an earlier one'),
  log(1_010, 'request failed'),
  log(1_011, NO_TABLE),
  log(1_012, NO_TABLE),
  log(3_000, 'Error: a later one'),
];

test('lines from the moment of the call are shown, the error first, with the reason in words', () => {
  const { evidence, reason } = saidOf(502, LINES);
  expect(evidence).toEqual([
    `the service's log, meanwhile: ${NO_TABLE}`,
    "the service's log, meanwhile: request failed",
  ]);
  expect(reason).toContain('no table "answers"');
});

test('while something is broken, only an unexpected status counts, and the log is not the reason', () => {
  expect(saidOf(500, LINES, false).evidence).toHaveLength(2);
  expect(saidOf(500, LINES, false)).not.toHaveProperty('reason');
  expect(saidOf(502, LINES, false).evidence).toEqual([]);
});

test('a call that was served, a check that passed and a log without lines show nothing', () => {
  const [served = 0] = facts('llm').contract.endpoints['conversation-end']?.served ?? [];
  expect(saidOf(served, LINES).evidence).toEqual([]);
  expect(saidOf(502, LINES, true, { ...FAILED, verdict: 'PASS' }).evidence).toEqual([]);
  expect(saidOf(502, []).evidence).toEqual([]);
});
