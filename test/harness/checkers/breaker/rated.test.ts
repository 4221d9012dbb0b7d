import { expect, test } from 'vitest';
import { breakerOpens } from '../../../../harness/checkers/breaker/breaker-opens.ts';
import { breakerCountsAnew, breakerStaysClosed } from '../../../../harness/checkers/breaker/breaker-stays-closed.ts';
import { failurePolicy } from '../../../../harness/checkers/breaker/failure-policy.ts';
import type { Checker } from '../../../../harness/checkers/lib/checker.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import { numbers as numbersSchema } from '../../../../harness/contract/schema/numbers.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request } from '../../../support/history.ts';

/** Opens after 2 successes and 3 failures, or after 4 failures if nothing else is in the window. */
const TIMED = { rate: 0.5, window: { seconds: 10 }, minimum: 4, boundary: 'above' };
/** Opens after 6 successes and 3 failures, or after 4 failures if it has just closed. */
const COUNTED = { rate: 0.5, window: { calls: 6 }, minimum: 4 };

function factsWith(opens: object) {
  const known = facts('llm');
  const llm = { opens, recoverySeconds: 2 };
  const { breakers } = numbersSchema.parse({ breakers: { llm } });
  return { ...known, numbers: { ...known.numbers, breakers: { ...known.numbers.breakers, ...breakers } } };
}

/**
 * A call in a row: a failure, a success, or a rejection. Each call begins `every` milliseconds after the previous one.
 * `A` is a request that arrives without a call.
 */
type Outcome = 'F' | 'S' | 'R' | 'A';
const STATUS = { F: 502, S: 201, R: 503, A: 0 };

/** A phase, and its calls. */
type Row = [data: PhaseData, row: string, every?: number, about?: string];

/** Returns the events of these phases in order, each with its calls. */
function historyOf(phases: Row[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  let [at, arrived] = [0, 0];
  for (const [index, [data, row, every = 20, about = '']] of phases.entries()) {
    events.push(begun(index + 1, data, at, arrived));
    for (const outcome of row) {
      at += every;
      const isFailure = outcome === 'F';
      const tags = { phase: String(index + 1), endpoint: 'conversation-end', about: isFailure ? 'failure' : about };
      if (outcome !== 'A') events.push(request(at, 10, STATUS[outcome as Outcome], tags));
      if (outcome === 'R') continue;
      arrived += 1;
      events.push(receipt(arrived, at + 1, 5, 'groq', isFailure ? ['f:status'] : []));
    }
    at += 20;
  }
  return [...events, begun(phases.length + 1, { action: 'end' }, at, arrived)];
}

const verdictsOf = (checker: Checker, opens: object, events: HistoryEvent[]): Record<string, string> =>
  Object.fromEntries(
    checker.judge(new History(events), factsWith(opens)).map(({ check, verdict }) => [check, verdict]),
  );

const READY: PhaseData = { action: 'ready' };
const FILLED: PhaseData = { action: 'filled' };

const BELOW: Row[] = [
  [READY, 'SS'],
  [{ action: 'below', primed: [1] }, 'FFS'],
  [READY, 'SS'],
  [{ action: 'below again', primed: [3] }, 'FFS'],
  [READY, 'SS'],
];

/** The phase "below after a while": during the pause, the first two failures leave the window. */
function afterAWhile(row: string): HistoryEvent[] {
  const events = historyOf([...BELOW, [{ action: 'below after a while', primed: [5] }, row.slice(0, 2)]]);
  const before = events.filter(({ type }) => type === 'receipt').length;
  const later = historyOf([[{ action: 'by hand' }, row.slice(2)]]).flatMap((event): HistoryEvent[] => {
    const at = event.at + 11_000;
    if (event.type === 'request') return [{ ...event, at, tags: { ...event.tags, phase: '6' } }];
    if (event.type !== 'receipt' || event.kind !== 'request') return [];
    return [{ ...event, at, seq: event.seq + before, endedAt: at + 5 }];
  });
  const arrived = before + later.filter(({ type }) => type === 'receipt').length;
  return [...events.slice(0, -1), ...later, begun(7, { action: 'end' }, 12_000, arrived)];
}

test('one failure less than the rate leaves it closed, and old failures leave the window', () => {
  expect(verdictsOf(breakerStaysClosed, TIMED, afterAWhile('FFFS'))).toEqual({
    'stays closed below': 'PASS',
    'stays closed below again': 'PASS',
    'stays closed below after a while': 'PASS',
  });
  expect(verdictsOf(breakerCountsAnew, TIMED, afterAWhile('FFFS'))).toEqual({});
});

test.each([
  [
    'too few successes before',
    [
      [READY, 'S'],
      [{ action: 'below', primed: [1] }, 'FFS'],
    ],
  ],
  [
    'successes that primed another phase',
    [
      [READY, 'SS'],
      [{ action: 'below' }, 'FFS'],
    ],
  ],
  [
    'calls that took more than half of the window',
    [
      [READY, 'SS'],
      [{ action: 'below', primed: [1] }, 'FFS', 2_000],
    ],
  ],
] as [string, Row[]][])('%s prove nothing', (_, phases) => {
  expect(verdictsOf(breakerStaysClosed, TIMED, historyOf(phases))).toMatchObject({
    'stays closed below': 'INCONCLUSIVE',
  });
});

test('more successes than needed fill a window of calls as well', () => {
  const full = historyOf([
    [FILLED, 'SSSSSSSS'],
    [{ action: 'below', primed: [1] }, 'FFS'],
  ]);
  expect(verdictsOf(breakerStaysClosed, COUNTED, full)).toMatchObject({ 'stays closed below': 'PASS' });
});

const OPEN = 'RRRRRRRRRRRR';

test.each([
  ['at the rate', 'FFF', 'RRR', OPEN, 'PASS', 'PASS'],
  ['one failure late', 'FFF', 'RRR', `F${OPEN}`, 'FAIL', 'PASS'],
  ['one failure early', 'FFR', 'RRR', OPEN, 'FAIL', 'PASS'],
  ['below the minimum', 'FFF', 'RRR', OPEN, 'PASS', 'FAIL', 'FFFR'],
  ['above the minimum', 'FFF', 'FRR', OPEN, 'PASS', 'FAIL'],
])('it opens %s', (_, row, probes, open, rate, minimum, atMinimum = 'FFFF') => {
  const events = historyOf([
    [FILLED, 'SSSSSS'],
    [{ action: 'opening', primed: [1] }, row],
    [{ action: 'open' }, open, 20, 'breaker'],
    [{ action: 'at the minimum' }, atMinimum],
    [{ when: 'after', of: 4 }, probes],
  ]);
  expect(verdictsOf(breakerOpens, COUNTED, events)).toMatchObject({
    'opens at the threshold': rate,
    'opens at the minimum': minimum,
  });
});

/** Judges a breaker whose calls at the minimum end like that, each 20 ms after the one before, and three more calls. */
function atTheMinimum(row: string, { probes = 'RRR', opens = COUNTED as object, every = 20 } = {}) {
  const events = historyOf([
    [{ action: 'at the minimum' }, row, every],
    [{ when: 'after', of: 1 }, probes],
  ]);
  const found = breakerOpens.judge(new History(events), factsWith(opens));
  return found.find(({ check }) => check === 'opens at the minimum');
}

test.each([
  ['all of them reach it', 'FFFF', 'PASS'],
  ['there are not enough of them', 'FFF', 'INCONCLUSIVE'],
  ['there are too many of them', 'FFFFF', 'INCONCLUSIVE'],
  ['another request arrives', 'FFFFA', 'INCONCLUSIVE'],
  ['another request arrives instead of one', 'FFFRA', 'PASS'],
])('calls at the minimum, if %s', (_, row, verdict) => {
  expect(atTheMinimum(row)).toEqual({
    check: 'opens at the minimum',
    requests: [{ phase: '1' }, { phase: '2' }],
    expected: 'exactly 4 failures reach groq after recovery, and no call after them',
    observed: expect.stringContaining(', then 0 of 3 calls reached it: 3 × 503'),
    verdict,
  });
});

test('calls at the minimum that take more than half of a window of time prove nothing', () => {
  expect(atTheMinimum('FFFF', { opens: TIMED, every: 1_600 })?.verdict).toBe('PASS');
  expect(atTheMinimum('FFFF', { opens: TIMED, every: 2_000 })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['the calls took 6.0 s, more than half of the window of 10 s'],
  });
});

test('a harmless call must not be the failure that opens it', () => {
  const policyOf = (row: string) => {
    const events = historyOf([
      [READY, 'SS'],
      [{ action: 'harmless', breaker: 'llm', faults: ['split-chunks'], primed: [1] }, row],
    ]);
    return Object.values(verdictsOf(failurePolicy, TIMED, events));
  };
  expect(policyOf('FFSS')).toEqual(['PASS']);
  expect(policyOf('FFSR')).toEqual(['FAIL']);
});
