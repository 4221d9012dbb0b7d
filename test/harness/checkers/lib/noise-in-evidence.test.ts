import { expect, test } from 'vitest';
import { judgeCeiling } from '../../../../harness/checkers/lib/ceiling.ts';
import { healthStaysUp } from '../../../../harness/checkers/lib/health-stays-up.ts';
import { whatIsLeft } from '../../../../harness/checkers/lib/noise.ts';
import { judgeQuickness } from '../../../../harness/checkers/lib/quickness.ts';
import { judgeSlowdown } from '../../../../harness/checkers/lib/slowdown.ts';
import { rateLimitSparesUpstreams } from '../../../../harness/checkers/rate-limit/rate-limit-spares-upstreams.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connection, connections, facts, receipt, request, requests, T0 } from '../../../support/history.ts';

test.each([
  [1_320, 80, ['a call: measured 1.32 s minus 80 ms of machine noise: 1.24 s']],
  [12, 4, ['a call: measured 12 ms minus 4.0 ms of machine noise: 8.0 ms']],
  [5, 20, ['a call: measured 5.0 ms minus 20 ms of machine noise: 0.0 ms']],
  [1_320, 0, []],
  [1_320, Number.NaN, []],
])('shows what is left of %d ms without %d ms', (measured, subtracted, expected) => {
  expect(whatIsLeft('a call: measured', measured, 0, subtracted)).toEqual(expected);
});

const NOISY = { noise: { timerLateMs: 300, loopbackMs: 0, stolenShare: 0 } };
const health = (ms: number, noise: object) => {
  const phase = begun(1, { action: 'spike' }, 0, 0);
  const history = new History([phase, ...requests(3, 1, ms, 200, { phase: '1', endpoint: 'health', about: 'health' })]);
  return healthStaysUp('spike', history, history.phases('spike'), { ...facts(), ...noise })[0]?.evidence;
};

test('a time without noise is shown only if the time exceeds its limit and there is noise', () => {
  expect(health(1_200, NOISY)).toEqual(['the longest call: measured 1.20 s minus 300 ms of machine noise: 900 ms']);
  expect(health(900, NOISY)).toBeUndefined();
  expect(health(1_200, {})).toBeUndefined();
});

test('calls that are compared with slow ones show the median and the longest without noise', () => {
  const about = { check: 'quick', requests: [], what: 'slow ones', noise: () => 100 };
  const quick = [request(0, 300, 200, {}), request(0, 320, 200, {}), request(0, 400, 200, {})];
  expect(judgeQuickness(quick, [request(0, 1_000, 200, {})], about).evidence).toEqual([
    'the median: measured 320 ms minus 100 ms of machine noise: 220 ms',
    'the longest call: measured 400 ms minus 100 ms of machine noise: 300 ms',
  ]);
});

test('a slowdown shows how long calls waited for a processor', () => {
  const fast = Array.from({ length: 60 }, () => 10);
  const same = { without: [fast], with: fast };
  const about = { check: 'as fast', requests: [], what: 'before', starvedMs: 4 };
  expect(judgeSlowdown({ without: [fast], with: fast.map(() => 30) }, same, about).evidence).toEqual([
    'the median: measured 30 ms minus 4.0 ms of waiting for a processor: 26 ms',
  ]);
});

test('connections that may have been terminated are left out, and counted', () => {
  const ended = { ...connection(1, 100, 'database'), endedAt: T0 + 100, faults: ['f1:terminate'] };
  const looks = [connections(0, 5), connections(150, 9), connections(500, 5)];
  const history = new History([ended, ...looks]);
  const judged = (of: typeof looks) => judgeCeiling(history, of, { check: 'ceiling', max: 5, isEnough: true });
  expect(judged(looks)).toMatchObject({
    observed: '5, in 2 samples',
    evidence: ['3 samples minus 1 that may show terminated connections: 2'],
    verdict: 'PASS',
  });
  expect(judged(looks.slice(0, 1)).evidence).toBeUndefined();
});

test('requests beyond the calls that were not refused show how many of them prove something', () => {
  const tags = { endpoint: 'conversation-end', limit: 'conversation-end' };
  const calls = [...requests(2, 0, 5, 201, tags), ...requests(8, 100, 5, 429, tags)];
  const arrived = Array.from({ length: 5 }, (_, seq) => receipt(seq, 10, 5, 'groq'));
  const [groq] = rateLimitSparesUpstreams.judge(new History([...calls, ...arrived]), facts());
  expect(groq).toMatchObject({
    evidence: [
      'measured 3 more than expected minus 2 that may have other causes, for a quarter of the refused calls: 1',
    ],
    verdict: 'FAIL',
  });
});
