import { expect, test } from 'vitest';
import { untouchedNeverWait } from '../../../../harness/checkers/upstream/untouched-never-wait.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, SILENCE, STRAY, starved, T0 } from '../../../support/history.ts';

const EVERY_MS = 25;
/** The outage begins after this many milliseconds. */
const BEGAN = 2_000;
const ENDPOINTS = ['health', 'conversation-read'];

/** Moments in which a service is frozen, regularly. */
const every = (ms: number, lasting: number, from = BEGAN): [from: number, ms: number][] =>
  Array.from({ length: (8_000 - from) / ms }, (_, index) => [from + index * ms, lasting]);

interface Case {
  /** When the service is frozen, and for how long, in milliseconds. */
  frozen?: [from: number, ms: number][];
  /** How long a read takes, in milliseconds. */
  readMs?: number;
  /** The status of one call during the outage. */
  odd?: number;
  /** When the last call is due, in milliseconds. */
  until?: number;
  /** The statuses of the calls that need the upstream. */
  load?: number[];
  /** By how many milliseconds the generator sends a call late that is due while the service is frozen. */
  sentLate?: number;
  /** Events that say what else happened. */
  also?: HistoryEvent[];
}

/** Calls on a schedule. A frozen service answers all calls that are due in the meantime when it goes on. */
function looks({ frozen = [], readMs = 4, odd = 200, until = 8_000, sentLate = 0 }: Case): HistoryEvent[] {
  return Array.from({ length: until / EVERY_MS }, (_, index) => {
    const due = index * EVERY_MS;
    const endpoint = ENDPOINTS[index % 2] as string;
    const status = due === 4_000 ? odd : 200;
    const [from, ms] = frozen.find(([begins, lasts]) => due >= begins && due < begins + lasts) ?? [due, 0];
    const ends = from + ms + (endpoint === 'health' ? 2 : readMs);
    const sent = ms > 0 ? due + sentLate : due;
    const tags = { about: 'look', endpoint, due: String(T0 + due) };
    return request(sent, Math.max(1, ends - sent), endpoint === 'health' ? status : 404, tags);
  });
}

function judged(given: Case, noise = SILENCE) {
  const load = (given.load ?? [502, 503]).map((status) =>
    request(BEGAN, 2_000, status, { phase: '2', about: 'load', endpoint: 'conversation-end' }),
  );
  const events = [
    begun(1, { action: 'before' }, 500, 0),
    begun(2, { action: 'hanging' }, BEGAN, 0),
    ...load,
    ...(given.also ?? []),
    STRAY,
  ];
  const findings = untouchedNeverWait.judge(new History([...looks(given), ...events]), { ...facts('llm'), noise });
  expect(findings.map(({ check }) => check)).toEqual(['never frozen in an outage']);
  return findings[0];
}

test.each<[string, string, Case]>([
  ['PASS', 'is never frozen', {}],
  ['PASS', 'is frozen for a moment', { frozen: [[3_000, 300]] }],
  ['PASS', 'is frozen for a moment again and again, but seldom', { frozen: every(3_000, 275) }],
  ['FAIL', 'is frozen for a moment again and again', { frozen: every(1_000, 400) }],
  ['INCONCLUSIVE', 'is frozen for a moment again and again, before as well', { frozen: every(1_000, 400, 0) }],
  ['FAIL', 'is frozen for a second, once', { frozen: [[3_000, 1_000]] }],
  ['FAIL', 'is frozen for ten seconds, once', { frozen: [[3_000, 10_000]] }],
  ['FAIL', 'is frozen when the upstream is back', { frozen: [[7_000, 1_000]] }],
  ['FAIL', 'is frozen while the generator keeps the calls back', { frozen: [[3_000, 1_000]], sentLate: 900 }],
  ['PASS', 'is frozen before the outage', { frozen: [[500, 1_000]] }],
  ['INCONCLUSIVE', 'is frozen before the outage as well', { frozen: [500, 3_000].map((from) => [from, 1_000]) }],
  ['PASS', 'always takes as long', { readMs: 900 }],
  ['INCONCLUSIVE', 'answers one call late', { frozen: [[3_000, 520]] }],
  ['FAIL', 'answers three calls late', { frozen: [[3_000, 560]] }],
  ['FAIL', 'refuses a call', { odd: 503 }],
  ['FAIL', "doesn't answer a call", { odd: 0 }],
  ['PASS', 'is called just often enough during the outage', { until: BEGAN + 20 * EVERY_MS }],
  ['INCONCLUSIVE', 'is hardly called during the outage', { until: BEGAN + 19 * EVERY_MS }],
  ['INCONCLUSIVE', 'is not called', { until: 0 }],
  ['INCONCLUSIVE', 'is served by its upstream all the while', { load: [502, 201] }],
  ['INCONCLUSIVE', 'has no callers who need the upstream', { load: [] }],
])('gives %s for a service that %s', (verdict, _, given) => {
  expect(judged(given)?.verdict).toBe(verdict);
});

test('a service that gets no processor is not frozen', () => {
  const frozen: Case['frozen'] = [[3_000, 1_000]];
  const waited = (ms: number) => starved('service', 2_990, 4_000, ms);
  const found = judged({ frozen, also: [waited(900)] });
  expect(found?.verdict).toBe('INCONCLUSIVE');
  expect(found?.evidence?.[0]).toMatch(/^measured: later than usual by 1(\.00)? s minus .* of machine noise:/);
  expect(judged({ frozen, also: [waited(100)] })?.verdict).toBe('FAIL');
  expect(judged({ frozen: [[3_000, 10_000]], also: [waited(900)] })?.verdict).toBe('FAIL');
});

test('a pause of the machine is not the service', () => {
  expect(judged({ frozen: [[3_000, 1_000]] }, { ...SILENCE, loopbackMs: 600 })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ frozen: [[3_000, 1_000]] }, { ...SILENCE, loopbackMs: 300 })?.verdict).toBe('FAIL');
});

test('tells the statuses if a call was not served', () => {
  expect(judged({ odd: 503 })).toMatchObject({
    requests: [{ about: 'look' }],
    observed: expect.stringMatching(/ late: 119 × 200, 120 × 404, 1 × 503$/),
  });
});

test('without an outage, nothing is proved', () => {
  expect(untouchedNeverWait.judge(new History(looks({})), facts('llm'))).toMatchObject([
    { observed: 'no calls', verdict: 'INCONCLUSIVE' },
  ]);
});

test('tells the percentiles from when calls were due, and which calls were late', () => {
  expect(judged({ frozen: [[3_000, 1_000]], sentLate: 200 })).toMatchObject({
    observed: 'p50 4 ms, p99 952 ms, longest 1002 ms; 20 of 240 late',
    evidence: [
      'health (GET), sent after 1.00 s: 200, after 1.00 s',
      'conversation-read (GET), sent after 1.02 s: 404, after 0.98 s',
      'health (GET), sent after 1.05 s: 200, after 0.95 s',
      'conversation-read (GET), sent after 1.07 s: 404, after 0.93 s',
      'health (GET), sent after 1.10 s: 200, after 0.90 s',
    ],
  });
});

test('a service without endpoints that need no upstream is not judged', () => {
  const known = facts('llm');
  const llm = known.contract.breakers.llm as NonNullable<typeof known.contract.breakers.llm>;
  const contract = { ...known.contract, breakers: { llm: { ...llm, untouched: [] } } };
  expect(untouchedNeverWait.judge(new History([]), { ...known, contract })).toEqual([]);
});
