import { expect, test } from 'vitest';
import { breakerRefusesAtOnce } from '../../../../harness/checkers/breaker/breaker-refuses-at-once.ts';
import type { Checker } from '../../../../harness/checkers/lib/checker.ts';
import { judgeExcess, noiseMs, whatIsLeft } from '../../../../harness/checkers/lib/noise.ts';
import { poolFreeDuringUpstreamCalls } from '../../../../harness/checkers/pool/pool-free-during-upstream-calls.ts';
import { outageIsolated } from '../../../../harness/checkers/upstream/outage-isolated.ts';
import type { Stall } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, requests, SILENCE, T0, verdicts } from '../../../support/history.ts';

const stall = (until: number, ms: number): Stall => ({ type: 'stall', at: T0 + until, ms, of: 'lab' });
/** A request from T0 until 1 s later. */
const LOAD = request(0, 1_000, 200, {});

test.each([
  ['nothing', 0, SILENCE, []],
  ['a timer that was late', 7, { ...SILENCE, timerLateMs: 7, loopbackMs: 5 }, []],
  ['a slow loopback request', 9, { ...SILENCE, timerLateMs: 7, loopbackMs: 9 }, [stall(500, 8)]],
  ['the longest pause', 80, { ...SILENCE, timerLateMs: 7, loopbackMs: 9 }, [stall(500, 80), stall(900, 20)]],
  ['no pause before the first request', 7, { ...SILENCE, timerLateMs: 7 }, [stall(0, 80)]],
  ['no pause after the last answer', 7, { ...SILENCE, timerLateMs: 7 }, [stall(1_080, 80)]],
])('with %s, the noise of the machine is %d ms', (_, ms, noise, stalls) => {
  expect(noiseMs(new History([LOAD, ...stalls]), { ...facts(), noise })).toBe(ms);
});

test.each([
  ['PASS', -5],
  ['PASS', 50],
  ['INCONCLUSIVE', 50.1],
  ['INCONCLUSIVE', 80],
  ['FAIL', 80.1],
])('%s for %d ms beyond a bound, with a tolerance of 50 and noise of 30', (verdict, ms) => {
  expect(judgeExcess(ms, 50, 30)).toBe(verdict);
});

test.each<[string, string, Checker, Record<string, string>]>([
  ['breaker-refuses-at-once', 'refuses at once', breakerRefusesAtOnce, { phase: '2', about: 'breaker' }],
  ['outage-isolated', 'health unaffected', outageIsolated, { phase: '2', about: 'health' }],
  [
    'pool-free-during-upstream-calls',
    'pool free during upstream calls: groq in conversation-end',
    poolFreeDuringUpstreamCalls,
    { phase: '3', about: 'read' },
  ],
])('%s does not fail for times that noise may explain', (_, check, checker, tags) => {
  const waited = [
    begun(1, { action: 'opening' }, 0, 0),
    ...requests(6, 0, 600, 502, { phase: '1' }),
    begun(2, { action: 'open' }, 0, 0),
    begun(3, { action: 'slow upstream', upstream: 'groq', endpoint: 'conversation-end' }, 0, 0),
    ...requests(6, 0, 600, 201, { phase: '3', about: 'upstream' }),
  ];
  const judge = (ms: number) => {
    const history = new History([...waited, ...requests(3, 9_000, ms, check === 'refuses at once' ? 503 : 200, tags)]);
    return verdicts(checker.judge(history, { ...facts('llm'), noise: { ...SILENCE, timerLateMs: 50 } }))[check];
  };
  expect([judge(149), judge(199), judge(200)]).toEqual(['PASS', 'INCONCLUSIVE', 'FAIL']);
});

test.each([
  [1_320, 0, 80, ['measured 1.32 s minus 80 ms of machine noise: 1.24 s']],
  [60, 50, 4, ['measured 60 ms minus 50 ms of tolerance and 4.0 ms of machine noise: 6.0 ms']],
  [60, 50, 0, ['measured 60 ms minus 50 ms of tolerance: 10 ms']],
  [60, 500, 0, ['measured 60 ms minus 500 ms of tolerance: 0.0 ms']],
  [60, 0, 0, []],
  [-60, 50, 4, []],
  [Number.NaN, 50, 4, []],
])('of %d ms minus %d ms and %d ms, evidence says what is left', (ms, tolerance, noise, evidence) => {
  expect(whatIsLeft('measured', ms, tolerance, noise)).toEqual(evidence);
});
