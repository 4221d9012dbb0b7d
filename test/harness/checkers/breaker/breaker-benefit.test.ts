import { expect, test } from 'vitest';
import { breakerBenefit } from '../../../../harness/checkers/breaker/breaker-benefit.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, metric, receipt, request, STRAY, T0, verdicts } from '../../../support/history.ts';

/** What was observed during the 40 calls of an outage. */
interface Outage {
  /** Duration of each call, in milliseconds. */
  ms?: number;
  reached?: number;
  calls?: number;
  /** The status of the last call. */
  last?: number;
  /** The CPU time of each round, in seconds. */
  cpu?: readonly number[];
  /** Duration of a read, in milliseconds. */
  read?: number;
  /** The fault that requests met. */
  fault?: string;
  /** How many milliseconds after the outage a call was served, or undefined if none was. Only with breakers. */
  back?: number | undefined;
  /** The status of the call before that. */
  before?: number | undefined;
}

/** The CPU time of ten rounds, which vary. */
const rounds = (seconds: number) => Array.from({ length: 10 }, (_, index) => seconds * (1 + (index % 5) / 1_000));

const WITH: Required<Outage> = {
  ms: 500,
  reached: 9,
  calls: 40,
  last: 503,
  cpu: rounds(0.06),
  read: 10,
  fault: 'f1:hang',
  back: 1_200,
  before: 503,
};
const WITHOUT: Required<Outage> = { ...WITH, ms: 2_000, reached: 40, last: 502, cpu: rounds(0.1), back: undefined };
const UNTOUCHED = facts('llm').contract.breakers.llm?.untouched ?? [];

/** @param id The ID of the first phase. */
function events(variant: string, id: number, from: number, receipts: number, seen: Required<Outage>): HistoryEvent[] {
  const phase = String(id);
  const tags = (about: string, endpoint: string) => ({ phase, about, endpoint });
  const calls = Array.from({ length: seen.calls }, (_, index) =>
    request(from + index, seen.ms, index === seen.calls - 1 ? seen.last : 502, tags('call', 'conversation-end')),
  );
  const looks = UNTOUCHED.flatMap((endpoint) =>
    Array.from({ length: 60 }, (_, index) => request(from + index, seen.read, 200, tags('untouched', endpoint))),
  );
  const after = { phase: String(id + 1), about: 'again', endpoint: 'conversation-end' };
  const healed = from + 5_000;
  return [
    begun(id, { action: 'outage beside', variant }, from, receipts),
    ...calls,
    ...looks,
    ...Array.from({ length: seen.reached }, (_, index) =>
      receipt(receipts + index + 1, from + index, 300, 'groq', [seen.fault]),
    ),
    metric('control_ms', from, 1, { phase }),
    ...seen.cpu.map((seconds, pair) => metric('cpu_seconds', from, seconds, { variant, round: String(pair) })),
    begun(
      id + 1,
      variant === 'with breakers' ? { action: 'recovery beside', variant } : { action: 'end' },
      healed,
      receipts + seen.reached,
    ),
    { type: 'fault', at: T0 + healed, upstream: 'groq', asked: {} },
    ...(variant === 'with breakers' && seen.before !== undefined ? [request(healed, 5, seen.before, after)] : []),
    ...(seen.back === undefined ? [] : [request(healed + seen.back - 5, 5, 201, after)]),
    begun(id + 2, { action: 'steady again' }, from + 9_000, receipts + seen.reached),
  ];
}

function judged(on: Outage = {}, off: Outage = {}) {
  const first = { ...WITH, ...on };
  return breakerBenefit.judge(
    new History([
      STRAY,
      { type: 'fault', at: T0 + 1, upstream: 'groq', asked: {} },
      ...events('with breakers', 1, 100, 0, first),
      ...events('without breakers', 4, 20_000, first.reached, { ...WITHOUT, ...off }),
    ]),
    facts('llm'),
  );
}

const CHECKS = {
  waiting: 'less waiting',
  calls: 'fewer upstream calls',
  cpu: 'no more processor time',
  recovery: 'recovers by itself within the timeout',
  read: 'unaffected endpoint as fast: conversation-read',
};

const findingsOf = (on: Outage, off: Outage = {}) => {
  const found = verdicts(judged(on, off));
  return Object.fromEntries(Object.entries(CHECKS).map(([name, check]) => [name, found[check]]));
};

const PASS = Object.fromEntries(Object.keys(CHECKS).map((name) => [name, 'PASS']));
const NOTHING = Object.fromEntries(Object.keys(CHECKS).map((name) => [name, 'INCONCLUSIVE']));

test('reports the benefit of breakers in numbers', () => {
  const findings = judged();
  expect(findings.map(({ verdict }) => verdict)).toEqual(findings.map(() => 'PASS'));
  expect(findings.slice(0, 4).map(({ observed }) => observed)).toEqual([
    '500 ms per call with, 2000 ms per call without: 0.25 ×; calls hung until their timeout',
    '9 calls of groq with, 40 calls of groq without: 0.23 ×',
    '0.60 ×, certainly between 0.60 × and 0.60 ×, in 10 pairs of rounds',
    '10.0 ms, 1.00 × 10.0 ms; noise up to 1.00 ×; slower in 0 of 6 pieces',
  ]);
  expect(findings.at(-1)?.observed).toBe('1 refusal, then served after 1.20 s');
  expect(findings.at(-1)?.secondsToRecover).toBeCloseTo(1.2);
});

test('the first check has a table of everything that is compared', () => {
  const [first, ...others] = judged({ read: 12.25 });
  expect(first?.table).toEqual({
    columns: ['in the same outage', 'with breakers', 'without breakers'],
    rows: [
      ['mean response time, ms', 500, 2_000],
      ['calls that reached groq', 9, 40],
      ['median CPU time of a round, ms', 60.1, 100.2],
      ...UNTOUCHED.map((endpoint) => [`median of ${endpoint}, ms`, 12.3, 10]),
    ],
  });
  expect(others.filter(({ table }) => table)).toEqual([]);
});

test('the table leaves out values that were not measured', () => {
  const [first] = judged({ cpu: [] });
  expect(first?.table?.rows[2]).toEqual(['median CPU time of a round, ms', '?', 100.2]);
  const nothing = breakerBenefit.judge(new History([]), facts('llm'))[0]?.table;
  expect(nothing?.rows[0]).toEqual(['mean response time, ms', '?', '?']);
});

test.each([
  ['half of the waiting', { ms: 1_000 }, {}],
  ['more than half of the waiting', { ms: 1_001 }, { waiting: 'INCONCLUSIVE' }],
  ['nearly all of the waiting', { ms: 1_500 }, { waiting: 'FAIL' }],
  ['half of the upstream calls', { reached: 20 }, {}],
  ['more than half of the upstream calls', { reached: 21 }, { calls: 'INCONCLUSIVE' }],
  ['nearly all of the upstream calls', { reached: 30 }, { calls: 'FAIL' }],
  ['the same processor time', { cpu: WITHOUT.cpu }, {}],
  ['a little more processor time in each round', { cpu: rounds(0.102) }, { cpu: 'FAIL' }],
  [
    'more processor time in some rounds',
    { cpu: [...rounds(0.06).slice(5), ...rounds(0.2).slice(5)] },
    { cpu: 'INCONCLUSIVE' },
  ],
  ['too few rounds', { cpu: rounds(0.06).slice(3) }, { cpu: 'INCONCLUSIVE' }],
  ['rounds that are too short for the metric', { cpu: [0, ...rounds(0.06).slice(1)] }, { cpu: 'INCONCLUSIVE' }],
  ['processor time that was not measured', { cpu: [] }, { cpu: 'INCONCLUSIVE' }],
  ['a recovery as late as may be', { back: 2_500 }, {}],
  ['a late recovery', { back: 2_501 }, { recovery: 'FAIL' }],
  ['no recovery', { back: undefined }, { recovery: 'FAIL' }],
  ['no breaker that was open at the end', { before: undefined }, { recovery: 'INCONCLUSIVE' }],
  ['no call after the outage', { back: undefined, before: undefined }, { recovery: 'INCONCLUSIVE' }],
  ['slower reads', { read: 12.1 }, { read: 'FAIL' }],
] as [string, Outage, object][])('with breakers, seeing %s', (_, on, expected) => {
  expect(findingsOf(on)).toEqual({ ...PASS, ...expected });
});

test.each([
  ['fewer calls', { calls: 39 }, {}],
  ['no calls', { calls: 0 }, { calls: 0 }],
  ['a call that was not answered', { last: 0 }, {}],
  ['a call that was served', { last: 201 }, {}],
  ['breakers that were not off', {}, { reached: 39 }],
  ['calls that did not hang', {}, { ms: 1_500 }],
] as [string, Outage, Outage][])('with %s nothing is compared', (_, on, off) => {
  expect(findingsOf(on, off)).toEqual({ ...NOTHING, recovery: 'PASS' });
});

test('says so if no timeout was waited for', () => {
  const late = { fault: 'f1:latency', ms: 75 };
  const [first] = judged(late, { fault: 'f1:latency', ms: 300 });
  expect(first).toMatchObject({ verdict: 'PASS', observed: expect.stringContaining('before any timeout') });
});

test('processor time is left out if the contract names no metric for it', () => {
  const known = facts('llm');
  const { cpu: _, ...contract } = known.contract;
  const checks = breakerBenefit.judge(new History([]), { ...known, contract }).map(({ check }) => check);
  expect(checks).not.toContain(CHECKS.cpu);
  expect(breakerBenefit.judge(new History([]), known).map(({ check }) => check)).toContain(CHECKS.cpu);
});

test('is INCONCLUSIVE without any events', () => {
  const found = breakerBenefit.judge(new History([]), facts('llm'));
  expect(new Set(found.map(({ verdict }) => verdict))).toEqual(new Set(['INCONCLUSIVE']));
  expect(JSON.stringify(found)).not.toMatch(/NaN|Infinity/);
});
