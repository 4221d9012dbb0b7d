import { expect, test } from 'vitest';
import { limitBenefit } from '../../../../harness/checkers/rate-limit/limit-benefit.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, requests, STRAY, verdicts } from '../../../support/history.ts';

const endpoint = 'conversation-end';

/** What is seen of 80 calls of an abuser, of which some are admitted, and of 5 calls of another client. */
interface Abuse {
  admitted?: number;
  calls?: number;
  /** The status of the last call of the abuser, and of the other client. */
  last?: number;
  other?: number;
  others?: number;
  /** Duration of a call, in milliseconds. */
  ms?: number;
}

function events(id: number, variant: string, from: number, refusal: number, seen: Abuse) {
  const { admitted = 20, calls = 80, ms = 10, others = 5 } = seen;
  const tags = { phase: String(id), about: 'abuse', endpoint };
  const behaved = { phase: String(id), about: 'well-behaved', endpoint };
  return [
    begun(id, { action: 'abuse beside', variant }, from, 0),
    ...requests(admitted, from, ms, 201, tags),
    ...requests(calls - admitted - 1, from + admitted * ms, ms, refusal, tags),
    request(from + (calls - 1) * ms, ms, seen.last ?? refusal, tags),
    ...requests(Math.max(0, others - 1), from, 10, 201, behaved),
    ...(others > 0 ? [request(from + 50, 10, seen.other ?? 201, behaved)] : []),
  ];
}

const judged = (on: Abuse = {}, off: Abuse = {}) =>
  limitBenefit.judge(
    new History([
      STRAY,
      ...events(1, 'with limits', 0, 429, on),
      ...events(2, 'without limits', 20_000, 503, { admitted: 60, ...off }),
      begun(3, { action: 'end' }, 40_000, 0),
    ]),
    facts(),
  );

const SPARES = 'spares the work of an abuser';
const SERVES = 'serves others beside an abuser';
const PASS = { [SPARES]: 'PASS', [SERVES]: 'PASS' };

test('compares the same abuse with and without limits', () => {
  expect(judged({}, { other: 503 }).map(({ observed }) => observed)).toEqual([
    '20 calls admitted with, 80 calls admitted without: 0.25 ×',
    '5 × 201 in 10 ms with, 4 × 201, 1 × 503 in 10 ms without',
  ]);
  expect(verdicts(judged())).toEqual(PASS);
});

test.each([
  ['half of the abuse', { admitted: 40 }, {}],
  ['more than half of the abuse', { admitted: 41 }, { [SPARES]: 'INCONCLUSIVE' }],
  ['nearly all of the abuse', { admitted: 60 }, { [SPARES]: 'FAIL' }],
  ['another client refused', { other: 429 }, { [SERVES]: 'FAIL' }],
  ['another client without an answer', { other: 0 }, { [SERVES]: 'FAIL' }],
  ['another client refused for lack of room', { other: 503 }, { [SERVES]: 'INCONCLUSIVE' }],
  ['no other client', { others: 0 }, { [SERVES]: 'INCONCLUSIVE' }],
  ['a burst longer than its window', { ms: 26 }, { [SPARES]: 'INCONCLUSIVE' }],
  ['fewer calls', { calls: 79 }, { [SPARES]: 'INCONCLUSIVE' }],
  ['a call without an answer', { last: 0 }, { [SPARES]: 'INCONCLUSIVE' }],
] as [string, Abuse, object][])('with limits, seeing %s', (_, on, expected) => {
  expect(verdicts(judged(on))).toEqual({ ...PASS, ...expected });
});

test('limits that are not switched off fail, and the result names the switch', () => {
  const [first] = judged({}, { last: 429 });
  expect(first).toMatchObject({
    verdict: 'FAIL',
    observed: expect.stringContaining('1 refused although limits should be off'),
    usually: expect.stringMatching(/^The condition "no-rate-limits" .* ignores RATE_LIMIT_ENABLED/),
  });
});
