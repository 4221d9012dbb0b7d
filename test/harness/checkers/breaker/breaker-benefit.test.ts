import { expect, test } from 'vitest';
import { breakerBenefit } from '../../../../harness/checkers/breaker/breaker-benefit.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, metric, phase, receipt, request, STRAY, T0, verdicts } from '../../../support/history.ts';

/** What was observed during the 40 calls of an outage. */
interface Outage {
  /** Duration of each call, in milliseconds. */
  ms?: number;
  reached?: number;
  calls?: number;
  /** The status of the last call. */
  last?: number;
  cpu?: number | undefined;
  /** Duration of a read, in milliseconds. */
  read?: number;
  /** How many milliseconds after the outage a call was served, or undefined if none was. */
  back?: number | undefined;
}

const WITH: Required<Outage> = { ms: 75, reached: 9, calls: 40, last: 503, cpu: 0.6, read: 10, back: 1_200 };
const WITHOUT: Required<Outage> = { ms: 300, reached: 40, calls: 40, last: 502, cpu: 0.7, read: 10, back: 10 };
const UNTOUCHED = facts('llm').contract.breakers.llm?.untouched ?? [];

function events(variant: string, from: number, receipts: number, seen: Required<Outage>): HistoryEvent[] {
  const during = `outage ${variant}`;
  const tags = (about: string, endpoint: string) => ({ phase: during, about, endpoint });
  const calls = Array.from({ length: seen.calls }, (_, index) =>
    request(from + index, seen.ms, index === seen.calls - 1 ? seen.last : 502, tags('call', 'conversation-end')),
  );
  const looks = UNTOUCHED.flatMap((endpoint) =>
    Array.from({ length: 60 }, (_, index) => request(from + index, seen.read, 200, tags('untouched', endpoint))),
  );
  const after = { phase: `recovery ${variant}`, about: 'again', endpoint: 'conversation-end' };
  const healed = from + 5_000;
  return [
    phase(during, from, receipts),
    ...calls,
    ...looks,
    ...Array.from({ length: seen.reached }, (_, index) => receipt(receipts + index + 1, from + index, 300, 'groq')),
    metric('control_ms', from, 1, { phase: during }),
    ...(seen.cpu === undefined ? [] : [metric('cpu_seconds', from, seen.cpu, { phase: during })]),
    phase(`recovery ${variant}`, healed, receipts + seen.reached),
    { type: 'fault', at: T0 + healed, upstream: 'groq', asked: {} },
    request(healed, 5, 503, after),
    ...(seen.back === undefined ? [] : [request(healed + seen.back - 5, 5, 201, after)]),
    phase(`end of ${variant}`, from + 9_000, receipts + seen.reached),
  ];
}

function judged(on: Outage = {}, off: Outage = {}) {
  const first = { ...WITH, ...on };
  return breakerBenefit.judge(
    new History([
      STRAY,
      { type: 'fault', at: T0 + 1, upstream: 'groq', asked: {} },
      ...events('with breakers', 100, 0, first),
      ...events('without breakers', 20_000, first.reached, { ...WITHOUT, ...off }),
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

const told = (on: Outage, off: Outage = {}) => {
  const found = verdicts(judged(on, off));
  return Object.fromEntries(Object.entries(CHECKS).map(([name, check]) => [name, found[check]]));
};

const PASS = Object.fromEntries(Object.keys(CHECKS).map((name) => [name, 'PASS']));
const NOTHING = Object.fromEntries(Object.keys(CHECKS).map((name) => [name, 'INCONCLUSIVE']));

test('reports the benefit of breakers in numbers', () => {
  const findings = judged();
  expect(findings.map(({ verdict }) => verdict)).toEqual(findings.map(() => 'PASS'));
  expect(findings.slice(0, 4).map(({ observed }) => observed)).toEqual([
    '75 ms a call with, 300 ms a call without: 0.25 ×',
    '9 calls of groq with, 40 calls of groq without: 0.23 ×',
    '600 ms with, 700 ms without: 0.86 ×',
    'with breakers after 1.20 s, without breakers after 0.01 s',
  ]);
  expect(findings[3]?.secondsToRecover).toBeCloseTo(1.2);
});

test('the first check has a table of everything that is compared', () => {
  const [first, ...others] = judged({ read: 12.25 });
  expect(first?.table).toEqual({
    columns: ['in the same outage', 'with breakers', 'without breakers'],
    rows: [
      ['wait for an answer, mean, ms', 75, 300],
      ['calls that reached groq', 9, 40],
      ['processor time, ms', 600, 700],
      ['served again after, s', 1.2, 0.01],
      ...UNTOUCHED.map((endpoint) => [`${endpoint}, median, ms`, 12.3, 10]),
    ],
  });
  expect(others.filter(({ table }) => table)).toEqual([]);
});

test('the table leaves out values that were not measured', () => {
  const [first] = judged({ cpu: undefined }, { back: undefined });
  expect(first?.table?.rows.slice(2, 4)).toEqual([
    ['processor time, ms', '?', 700],
    ['served again after, s', 1.2, '?'],
  ]);
  const nothing = breakerBenefit.judge(new History([]), facts('llm'))[0]?.table;
  expect(nothing?.rows[0]).toEqual(['wait for an answer, mean, ms', '?', '?']);
});

test.each([
  ['half of the waiting', { ms: 150 }, {}],
  ['more than half of the waiting', { ms: 151 }, { waiting: 'INCONCLUSIVE' }],
  ['nearly all of the waiting', { ms: 225 }, { waiting: 'FAIL' }],
  ['half of the upstream calls', { reached: 20 }, {}],
  ['more than half of the upstream calls', { reached: 21 }, { calls: 'INCONCLUSIVE' }],
  ['nearly all of the upstream calls', { reached: 30 }, { calls: 'FAIL' }],
  ['a little more processor time', { cpu: 0.84 }, {}],
  ['more processor time', { cpu: 0.85 }, { cpu: 'INCONCLUSIVE' }],
  ['half as much processor time again', { cpu: 1.05 }, { cpu: 'FAIL' }],
  ['processor time that was not measured', { cpu: undefined }, { cpu: 'INCONCLUSIVE' }],
  ['a recovery as late as may be', { back: 2_500 }, {}],
  ['a late recovery', { back: 2_501 }, { recovery: 'FAIL' }],
  ['no recovery', { back: undefined }, { recovery: 'FAIL' }],
  ['slower reads', { read: 12.1 }, { read: 'FAIL' }],
] as [string, Outage, object][])('with breakers, seeing %s', (_, on, expected) => {
  expect(told(on)).toEqual({ ...PASS, ...expected });
});

test.each([
  ['fewer calls', { calls: 39 }, {}],
  ['no calls', { calls: 0 }, { calls: 0 }],
  ['a call that was not answered', { last: 0 }, {}],
  ['a call that was served', { last: 201 }, {}],
  ['breakers that were not off', {}, { reached: 39 }],
] as [string, Outage, Outage][])('with %s nothing is compared', (_, on, off) => {
  expect(told(on, off)).toEqual(NOTHING);
});

test('a recovery that nobody observed without breakers is not a benefit', () => {
  expect(told({}, { back: undefined })).toEqual(PASS);
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
