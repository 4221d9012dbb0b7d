import { expect, test } from 'vitest';
import { trialWaitedFor } from '../../../../harness/checkers/breaker/trial-waited-for.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, STRAY, starved } from '../../../support/history.ts';

const FAILED: PhaseData = { action: 'half-open' };
const GOOD: PhaseData = { action: 'crowd in trial', breaker: 'llm' };

function waiting(duringTrial: 'wait' | 'refused' = 'wait') {
  const { contract, ...rest } = facts('llm');
  const llm = { ...contract.breakers.llm, duringTrial } as (typeof contract.breakers)[string];
  return { ...rest, contract: { ...contract, breakers: { ...contract.breakers, llm } } };
}

interface Trial {
  /** How many callers there are besides the one whose call is the trial, their status, and how long they wait. */
  callers?: number;
  status?: number;
  ms?: number;
  /** When other calls reach the upstream. */
  others?: number[];
  more?: HistoryEvent[];
}

/** Calls that are sent at 10 ms, and of which one is a trial from 20 ms to 620 ms. */
function trial(data: PhaseData, own: number, status: number, given: Trial): HistoryEvent[] {
  const { callers = 4, ms = 615, others = [], more = [] } = given;
  const tags = { phase: '1', endpoint: 'conversation-end' };
  return [
    begun(1, data, 0, 0),
    request(10, 612, own, tags),
    ...Array.from({ length: callers }, () => request(10, ms, given.status ?? status, tags)),
    receipt(1, 20, 600, 'groq'),
    ...others.map((at, index) => receipt(2 + index, at, 600, 'groq')),
    begun(2, { when: 'recovery from', of: 1 }, 9_000, 1 + others.length),
    ...more,
  ];
}

const judged = (events: HistoryEvent[], of = waiting()) => trialWaitedFor.judge(new History([...events, STRAY]), of);
const failed = (given: Trial) => judged(trial(FAILED, 502, 503, given))[0];
const good = (given: Trial) => judged(trial(GOOD, 201, 201, { ms: 1_215, others: [625, 626, 627, 628], ...given }))[0];

test.each<[string, Trial, string]>([
  ['are refused when it has failed', {}, 'PASS'],
  ['are refused half a second later', { ms: 1_110 }, 'PASS'],
  ['are refused more than half a second later', { ms: 1_111 }, 'FAIL'],
  ['are refused at once', { ms: 5 }, 'FAIL'],
  ['wait together with a second trial', { others: [30] }, 'FAIL'],
  ['are refused 50 ms before that', { ms: 560 }, 'PASS'],
  ['are refused earlier', { ms: 559 }, 'FAIL'],
  ['wait while another call comes 50 ms before the end', { others: [570] }, 'PASS'],
  ['wait while another call comes earlier', { others: [569] }, 'FAIL'],
  ['are only two', { callers: 2 }, 'PASS'],
  ['are only one', { callers: 1 }, 'INCONCLUSIVE'],
  ['are only one in time', { callers: 1, more: [request(570, 50, 503, { phase: '1' })] }, 'INCONCLUSIVE'],
])('callers who %s', (_, given, verdict) => {
  expect(failed(given)).toMatchObject({
    check: 'callers wait for a failed trial: llm',
    requests: [{ phase: '1' }],
    verdict,
  });
});

test.each<[string, Trial, string]>([
  ['are served when it has succeeded', {}, 'PASS'],
  ['are served by calls that take as long as the trial, and half a second later', { ms: 1_710 }, 'PASS'],
  ['are served later than that', { ms: 1_711 }, 'FAIL'],
  ['are refused when it has succeeded', { status: 503, ms: 615 }, 'FAIL'],
  ['are refused at once', { status: 503, ms: 5 }, 'FAIL'],
  ['are served before it has', { ms: 559 }, 'FAIL'],
  ['reach the upstream during the trial', { others: [30, 31, 32, 33], ms: 640 }, 'FAIL'],
])('callers who %s', (_, given, verdict) => {
  expect(good(given)).toMatchObject({ check: 'callers wait for a good trial: llm', verdict });
});

test('says how many waited, for how long, and what else there was', () => {
  expect(failed({ ms: 5 })?.observed).toBe(
    '4 callers during the trial: 4 × 503; the last answer 0.00 s after it; 4 answered during the trial',
  );
  expect(failed({ ms: 1_110 })?.observed).toBe('4 callers during the trial: 4 × 503; the last answer 0.50 s after it');
  expect(good({ others: [30] })?.observed).toContain('; 1 other call reached it during the trial');
});

test('a service that waited for a processor is not blamed', () => {
  expect(failed({ ms: 1_300, more: [starved('service', 650, 1_300, 300)] })?.verdict).toBe('INCONCLUSIVE');
  // The upstream noted the end of the trial 30 ms late.
  expect(failed({ ms: 540, more: [starved('fakes', 0, 1, 0), starved('fakes', 580, 620, 30)] })?.verdict).toBe('PASS');
});

test('nothing is judged without a trial, or if callers are refused during trials', () => {
  expect(judged([begun(1, FAILED, 0, 0)])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(judged(trial(FAILED, 502, 503, {}), waiting('refused'))).toEqual([]);
  expect(judged([])).toEqual([]);
});
